"""nbgrader reads this file when it is run in this folder; what is set, and why: settings.py."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1]))  # the course, where it is not installed

try:
    from grading.nbgrader.settings import configure

    configure(get_config(), HERE)  # type: ignore[name-defined]  # noqa: F821
except Exception as error:  # nbgrader would only log it, and grade without these settings
    raise SystemExit(f"{HERE / 'nbgrader_config.py'}: {error!r}") from error
