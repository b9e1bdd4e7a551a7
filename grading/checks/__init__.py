"""What a check is made of.

A check is a pytest test marked with `task`. It asks the `student` fixture for evidence, which a
probe gathers next to the student's code, and judges it with `expect` and `require`.
"""

from grading.checks.expect import CheckFailed, expect, require
from grading.checks.student import Student, StudentError
from grading.checks.task import task

__all__ = ["CheckFailed", "Student", "StudentError", "expect", "require", "task"]
