"""Sphinx's settings for the site: `make docs`. Neither the build nor the site needs a network."""

import os
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "docs" / "_ext")]

project = "Building a Movie Recommender"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
language = "en"
exclude_patterns = [".*", "build"]  # or Sphinx looks for pages in .venv

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
    "pages",
    "offline",
    "toys",
]

# The lessons are written for GitHub, so they are parsed here as on GitHub.
myst_enable_extensions = ["alert", "amsmath", "dollarmath", "gfm_autolink", "strikethrough"]
myst_heading_anchors = 4
highlight_language = "none"  # for fenced code without a language, such as commands

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
autodoc_mock_imports = [
    "copydetect",
    "cosmic_ray",
    "distributed",
    "fastapi",
    "py_landlock",
    "pyseccomp",
    "starlette",
    "uvicorn",
]  # from other extras
python_use_unqualified_type_names = True

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"priority": 900})]
html_favicon = "_static/favicon.svg"
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # light or dark: the system's choice, then the reader's
html_theme_options = {
    "logo": {"text": "Building a <b>Movie Recommender</b>"},
    "navbar_persistent": [],  # the search is in the sidebar
    "home_page_in_toc": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "search_bar_text": "Search the course",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "footer_content_items": ["extra-footer"],
    "extra_footer": "MIT licence. MovieLens is a data set of GroupLens, University of Minnesota.",
}
if repository := os.environ.get("GITHUB_REPOSITORY"):  # set where GitHub builds the site
    html_theme_options |= {
        "repository_url": f"https://github.com/{repository}",
        "use_repository_button": True,
    }

linkcheck_timeout = 20  # `make links`
linkcheck_retries = 2
