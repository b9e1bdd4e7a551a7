"""Records of invented students."""

from typing import Any

from grading.batch.policy import Grade, Policy
from grading.batch.policy import grade as grade_by
from grading.batch.records import HiddenRecord, Record, TaskRecord


def task(task_id: str = "3.2", state: Any = "passed", score: int | None = None, **changes: Any):
    """What the checks found of a task worth 4 points."""
    values: dict[str, Any] = {
        "id": task_id,
        "title": "MatrixFactorization.forward",
        "score": (4 if state == "passed" else 0) if score is None else score,
        "max_score": 4,
        "state": state,
        "message": f"{task_id} MatrixFactorization.forward: {state}",
        "looks_like": None,
        "seconds": 0.25,
    }
    return TaskRecord(**values | changes)


def record(
    student_id: str = "ada",
    tasks: tuple[TaskRecord, ...] = (),
    hidden: tuple[HiddenRecord, ...] = (),
    **changes: Any,
) -> Record:
    """A complete record whose score is that of its tasks and hidden checks, without the bonus."""
    judged = [one for one in (*tasks, *hidden) if not one.bonus]
    values: dict[str, Any] = {
        "submission_sha256": "5ab1e" * 12 + "0000",
        "checks_sha256": "c0ffee" * 10 + "0000",
        "seed": 20251124,
        "started": "2025-11-24T09:30:00+00:00",
        "seconds": 3.5,
        "status": "complete",
        "reason": None,
        "score": sum(one.score for one in judged),
        "max_score": sum(one.max_score for one in judged),
        "sandbox": "Landlock, seccomp and limits",
    }
    return Record(student_id=student_id, tasks=tasks, hidden=hidden, **values | changes)


def ungradable(student_id: str = "bob", reason: str = "there is no model.py in it") -> Record:
    return record(student_id, status="ungradable", reason=reason)


def grade(of: Record, **changes: Any) -> Grade:
    """The grade where nothing is taken off, with changes."""
    plain = grade_by(of, Policy())
    return Grade(**vars(plain) | {"note": None} | changes)


def class_of(n: int) -> list[Record]:
    """A class of so many, with something of everything."""
    states = ["passed", "wrong", "crashed", "not_started", "blocked", "timeout", "passed"]
    looks = ["summed over the batch", "summed over everything", None]

    def of_student(i: int, number: int) -> TaskRecord:
        state = states[(i * number) % 7]
        name = f"{1 + number // 4}.{1 + number % 4}"
        return task(name, state, looks_like=looks[i % 3] if state == "wrong" else None)

    return [
        record(f"student{i:03}", tuple(of_student(i, k) for k in range(24)), seconds=float(i))
        for i in range(n)
    ]


# Tasks in six states

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
BONUS = (
    TaskRecord(*("7.1", "TwoTower", 4, 4, "passed", "7.1 TwoTower: passed", None, 0.5), bonus=True),
    TaskRecord(*("7.2", "in_batch_softmax", 0, 3, "not_started", "7.2 …", None, 0.0), bonus=True),
)
HIDDEN = (
    HiddenRecord("test_other_sizes", "3.2", 0, 2, "It works for sizes that you have not seen."),
    HiddenRecord("test_one_user", "3.2", 1, 1, "It works for one user."),
)


def six_states(student_id: str = "ada", tasks: tuple[TaskRecord, ...] = TASKS, **changes: Any):
    """A record of six tasks in six states."""
    return record(student_id, tasks, **changes)
