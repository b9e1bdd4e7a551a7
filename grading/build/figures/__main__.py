"""`python -m grading.build.figures`: how the lessons show their figures, in Markdown."""

from grading import manifest
from grading.build.figures import drawings

if __name__ == "__main__":
    for drawing in drawings(manifest.load()):
        print(f"{drawing.markdown}\n")
