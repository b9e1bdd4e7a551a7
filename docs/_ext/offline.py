"""MathJax from an installed package, so that formulas need no network and no font.

The component `tex-svg` draws formulas as SVG paths. It is one file, which also works from disk,
where a browser may refuse to load fonts.
"""

from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

PACKAGE = "sphinx-mathjax-offline"
COMPONENT = "tex-svg.js"


def mathjax() -> Path:
    """Where the installed package keeps the component."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ExtensionError(f"{PACKAGE} is not installed: pip install -e '.[docs]'")
    return Path(package.origin).parent / "static" / "mathjax" / COMPONENT


def _configure(app: Sphinx, config: Config) -> None:
    config.mathjax_path = COMPONENT


def _copy(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    copyfile(mathjax(), static / COMPONENT)


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.connect("config-inited", _configure)
    app.connect("builder-inited", _copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
