"""Words for a task's state in exports."""

from grading.batch.records import State, TaskRecord

STATES: dict[State, str] = {
    "passed": "passed",
    "wrong": "wrong",
    "crashed": "crashed",
    "not_started": "not started",
    "missing": "missing",
    "blocked": "not checked, because it needs another task",
    "timeout": "took too long",
    "memory": "took too much memory",
    "malformed": "returned what cannot be read",
    "broken": "could not be checked, because a check is at fault",
}


def headline(task: TaskRecord) -> str:
    """The task and its problem in one line: the first line of its message."""
    first = next((line.strip() for line in task.message.splitlines() if line.strip()), "")
    first = first.lstrip("✓✗· ")
    if first.startswith(f"{task.id} "):
        return first
    return f"{task.id} {task.title}: {first or STATES[task.state]}"
