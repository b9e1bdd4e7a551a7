"""What the tests of the exports share: the real course and invented records."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from grading.batch.records import HiddenRecord, Record, TaskRecord

WRONG = """\
3.2 MatrixFactorization.forward: wrong values (shape and dtype are right)
    called      forward(user_idx=[4, 0, 2], movie_idx=[6, 1, 1])
    returned    [0.31, 0.24, -0.07]
    expected    [0.36, 0.21, -0.01]   (tolerance 1e-5)
    looks like  summed over the batch (dim=0) instead of over the factors
"""

TASKS = (
    TaskRecord("3.1", "tables", 4, 4, "passed", "3.1 tables: passed (4 of 4 points)", None, 0.25),
    TaskRecord("3.2", "MatrixFactorization.forward", 1, 5, "wrong", WRONG, "summed", 0.5),
    TaskRecord("4.1", "make_loader", 0, 3, "crashed", "✗ 4.1 make_loader: broke", None, 0.0),
    TaskRecord("4.2", "train_epoch", 0, 3, "timeout", "", None, 2.0),
    TaskRecord("4.3", "evaluate", 0, 3, "not_started", "4.3 evaluate: not started", None, 0.0),
    TaskRecord("4.4", "fit", 0, 3, "blocked", "4.4 fit: not checked yet: needs 4.2", None, 0.0),
)


@pytest.fixture
def make_record() -> Callable[..., Record]:
    """A record of six tasks in six states; what is given by name takes its place."""

    def make(student_id: str = "ada", **changed: Any) -> Record:
        plain: dict[str, Any] = {
            "student_id": student_id,
            "submission_sha256": "ab" * 32,
            "checks_sha256": "cd" * 32,
            "seed": 7,
            "started": "2026-03-02T10:00:00+00:00",
            "seconds": 3.25,
            "status": "complete",
            "reason": None,
            "score": 5,
            "max_score": 21,
            "sandbox": "none",
            "tasks": TASKS,
        }
        return Record(**(plain | changed))

    return make


@pytest.fixture
def bonus() -> tuple[TaskRecord, ...]:
    """Tasks of an optional part, beside the others."""
    done = TaskRecord("7.1", "TwoTower", 4, 4, "passed", "7.1 TwoTower: passed", None, 0.5)
    open_ = TaskRecord("7.2", "in_batch_softmax", 0, 3, "not_started", "7.2 …", None, 0.0)
    return (*TASKS, replace(done, bonus=True), replace(open_, bonus=True))


@pytest.fixture
def hidden() -> tuple[HiddenRecord, ...]:
    return (
        HiddenRecord("test_other_sizes", "3.2", 0, 2, "It works for sizes that you have not seen."),
        HiddenRecord("test_one_user", "3.2", 1, 1, "It works for one user."),
    )
