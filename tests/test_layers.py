"""Packages import only from those below them; the layers stand in pyproject.toml."""

from importlinter.cli import lint_imports

from tests.courses import ROOT


def test_no_package_imports_from_a_layer_above_it() -> None:
    assert lint_imports(str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True) == 0
