"""`python -m authoring.figures`: how the lessons show their figures, in Markdown."""

from authoring.figures import drawings
from grading import manifest

if __name__ == "__main__":
    for drawing in drawings(manifest.load()):
        print(f"{drawing.markdown}\n")
