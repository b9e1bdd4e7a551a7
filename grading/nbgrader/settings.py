"""What nbgrader is told for this course, where its own settings would lose points or a class."""

import atexit
import functools
import os
import shutil
import sys
import tempfile
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbgrader.converters import GenerateAssignment
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearOutput,
    ClearSolutions,
    IgnorePattern,
    LimitOutput,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)
from traitlets.config import Application, Config

from grading import manifest
from grading.nbgrader import kernel
from grading.nbgrader.cells import RestoreCells
from grading.nbgrader.execute import Execute
from grading.nbgrader.generate import CourseStubs, add_figures
from grading.nbgrader.gradebook import back_up_once
from grading.nbgrader.submissions import replace_links

KERNEL = "course_sandbox"
HERE = Path(__file__).resolve().parent
RUN_NOTEBOOKS = ("autograde", "validate", "formgrade")
WRITE_GRADES = ("autograde", "generate-assignment", "formgrade")

TOO_LONG = "This cell took longer than it may and was stopped. Is there a loop that does not end?"
SANDBOXED = (
    "each notebook runs in a sandbox (bubblewrap): no network, no files but its own, Python and "
    "the checks; limits on memory, time and processes"
)
UNPROTECTED = (
    "NOTHING PROTECTS THIS RUN: {reason}. A submission can read solutions and other submissions, "
    "change the gradebook and use the network, with your rights. On Linux: apt install bubblewrap "
    "(0.8 or newer)"
)


def configure(c: Config, folder: Path) -> None:
    """Set what differs from nbgrader's defaults.

    Args:
        folder: with source/, submitted/, the gradebook and so on.
    """
    c.CourseDirectory.root = str(folder)
    c.CourseDirectory.course_id = "movie-recommender"
    c.CourseDirectory.student_id_exclude = "__MACOSX"  # more ids, by commas, are left out as well
    # What lies beside a source notebook does not replace a file that a student handed in.
    c.Autograde.exclude_overwriting = {
        assignment.name: [
            str(path.relative_to(assignment))
            for path in assignment.rglob("*")
            if path.is_file() and path.suffix != ".ipynb"
        ]
        for assignment in folder.glob("source/*/")
    }
    c.GenerateAssignment.preprocessors = [
        CourseStubs if step is ClearSolutions else step
        for step in GenerateAssignment.preprocessors.default()
    ]
    exercises = manifest.find_root(folder) / "exercises"
    c.GenerateAssignment.post_convert_hook = functools.partial(add_figures, exercises)
    c.GenerateFeedback.post_convert_hook = functools.partial(add_figures, exercises)
    c.Autograde.pre_convert_hook = replace_links
    c.Autograde.sanitize_preprocessors = [
        ClearOutput,
        RestoreCells,
        OverwriteKernelspec,
        OverwriteCells,
        CheckCellMetadata,
    ]
    c.Autograde.autograde_preprocessors = [
        Execute,
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCellMetadata,
    ]
    c.Execute.startup_timeout = 120  # seconds
    c.Execute.timeout = 60  # seconds for a cell; the first import of torch can take 20
    c.Execute.error_on_timeout = {
        "ename": "CellTimeoutError",
        "evalue": TOO_LONG,
        "traceback": [f"CellTimeoutError: {TOO_LONG}"],
    }
    c.Execute.shutdown_kernel = "immediate"
    c.Execute.extra_arguments = ["--HistoryManager.hist_file=:memory:"]
    c.LimitOutput.max_lines = 500
    c.LimitOutput.max_traceback = 60
    # nbgrader gives no points for a test that prints a warning.
    c.IgnorePattern.enabled = True
    c.IgnorePattern.pattern = "^"
    # Feedback and the pages of formgrader are opened with the instructor's rights.
    c.HTMLExporter.sanitize_html = True
    c.Execute.kernel_name = "python3"  # and not what a submission asks for
    _find_alembic()
    command = _command()
    if command in RUN_NOTEBOOKS:
        _choose_kernel(c)
    if command in WRITE_GRADES or command.startswith("db-"):
        back_up_once(folder / "gradebook.db")


def _find_alembic() -> None:
    """nbgrader starts it by its name, which is found only in an environment that is activated."""
    programs = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if programs not in paths:
        os.environ["PATH"] = os.pathsep.join([*paths, programs])


def _command() -> str:
    """What runs: "autograde" for `nbgrader autograde`, "" for `nbgrader` alone.

    All that is not nbgrader counts as "formgrade": JupyterLab runs notebooks and writes grades.
    """
    name = Application.instance().name if Application.initialized() else ""
    if name.startswith("nbgrader"):
        return name.removeprefix("nbgrader").lstrip(" -")
    return "formgrade"


def _choose_kernel(c: Config) -> None:
    """The sandbox where it works; what protects the run, or that nothing does, is said once."""
    if not _sandboxed():
        return
    c.Execute.kernel_name = KERNEL
    c.KernelManager.transport = "ipc"  # a kernel without a network has no ports
    c.KernelManager.ip = str(_sockets() / "shared" / "k")
    paths = os.environ.get("JUPYTER_PATH", "").split(os.pathsep)
    if str(HERE) not in paths:
        os.environ["JUPYTER_PATH"] = os.pathsep.join([str(HERE), *filter(None, paths)])


@functools.cache
def _sandboxed() -> bool:
    reason = kernel.why_not()
    words = SANDBOXED if reason is None else UNPROTECTED.format(reason=reason)
    print(f"nbgrader: {words}", file=sys.stderr)
    return reason is None


@functools.cache
def _sockets() -> Path:
    """A folder for the sockets of this command's kernels: by an absolute path, as jupyter_client
    would take a relative one from another folder than the kernel."""
    folder = Path(tempfile.mkdtemp(prefix=kernel.SOCKETS)).resolve()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "shared").mkdir()
    return folder
