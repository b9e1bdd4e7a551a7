"""Words for a task's state in exports."""

from grading.batch.records import TaskRecord
from grading.states import SHOWN


def headline(task: TaskRecord) -> str:
    """The task and its problem in one line: the first line of its message."""
    first = next((line.strip() for line in task.message.splitlines() if line.strip()), "")
    first = first.lstrip("✓✗· ")
    if first.startswith(f"{task.id} "):
        return first
    return f"{task.id} {task.title}: {first or SHOWN[task.state].word}"
