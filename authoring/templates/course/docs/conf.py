"""Sphinx's settings for the site: python -m sphinx -W -c docs exercises build/site"""

import tomllib
from pathlib import Path

MANIFEST = Path(__file__).resolve().parents[1] / "exercises" / "course.toml"

project = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["title"]
extensions = ["myst_parser"]
include_patterns = ["index.md", "part*/README.md"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
highlight_language = "none"  # for fenced code without a language, such as commands

html_theme = "sphinx_book_theme"
html_title = project
html_copy_source = False
html_theme_options = {
    "navbar_persistent": [],  # the search is in the sidebar
    "footer_content_items": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
}
