"""The mark that ties a check to a task and gives it its points."""

import pytest


def task(task_id: str, *, points: int) -> pytest.MarkDecorator:
    """Mark a test as a check of task `task_id` ("3.2"), worth `points`.

    The test's docstring is the requirement in one sentence, as the student reads it.
    """
    if points < 1:
        raise ValueError(f"a check is worth at least 1 point, got {points}")
    return pytest.mark.task(id=task_id, points=points)
