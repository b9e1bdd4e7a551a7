"""nbgrader reads this file when it is run in this folder; the settings are in assignments.py."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1]))  # the course, where it is not installed

try:
    from authoring.assignments import configure

    configure(get_config(), HERE)  # type: ignore[name-defined]  # noqa: F821
except Exception as error:  # nbgrader would only log it, and go on without these settings
    raise SystemExit(f"{HERE / 'nbgrader_config.py'}: {error!r}") from error
