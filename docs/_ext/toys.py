"""The toys of the lessons: what the script `toys.js` computes with, handed to its pages.

A toy takes the place of a figure on the site. It uses the data that the figure was drawn from.
"""

import json
from typing import Any

from docutils.nodes import document
from sphinx.application import Sphinx

from authoring.figures import part1, part5, plane

TOYS: dict[str, dict[str, Any]] = {
    "part1": {
        "two-axes": {
            "movies": plane.MOVIE_PLACES,
            "ben": plane.USER_PLACES["Ben"],
            "mean": part1.BEN_MEAN,
            "gave": part1.BEN_GAVE,
        }
    },
    "part5": {
        "newcomer": {
            "movies": plane.MOVIE_PLACES,
            "biases": part5.BIASES,
            "mean": part5.MEAN,
            "gave": part5.EVA_GAVE,
            "lambdas": part5.LAMBDAS,
        },
        "list-length": {"list": part5.RANKED, "relevant": sorted(part5.RELEVANT)},
    },
}


def _add(app: Sphinx, page: str, _template: str, _context: object, _tree: document | None) -> None:
    if page in TOYS:
        app.add_js_file(None, body=f"const TOYS = {json.dumps(TOYS[page])};")
        app.add_js_file("toys.js")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("html-page-context", _add)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
