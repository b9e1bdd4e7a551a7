"""Which tasks a run of the tutorial makes use of."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from grading.manifest import Course
from tutorial.code import Code


@contextmanager
def recorded(course: Course, code: Code) -> Iterator[set[str]]:
    """Yield a set to which the id of each task is added whose code is called."""
    called: set[str] = set()

    def watch(function: Callable[..., Any], task_id: str) -> Callable[..., Any]:
        @wraps(function)
        def watched(*args: Any, **kwargs: Any) -> Any:
            called.add(task_id)
            return function(*args, **kwargs)

        return watched

    with pytest.MonkeyPatch.context() as patch:
        for part in course.parts:
            module = getattr(code, Path(part.module).stem, None)
            for task in part.tasks if module else ():
                for symbol in task.symbols:
                    *owners, name = symbol.split(".")
                    owner = getattr(module, owners[0]) if owners else module
                    function = getattr(owner, name)
                    if not isinstance(function, type):  # of a class, its methods are watched
                        patch.setattr(owner, name, watch(function, task.id))
        yield called
