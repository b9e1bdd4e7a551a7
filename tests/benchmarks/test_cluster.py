"""The class on a cluster: which hand-ins it is made of, and which records count as the same."""

from dataclasses import replace
from pathlib import Path

import pytest

from grading.manifest import Course
from tests.records import record, task

pytest.importorskip("distributed")

from benchmarks.cluster import Run, differences, write_class, write_course


def test_each_student_hands_in_the_module_of_one_part(course: Course, tmp_path: Path) -> None:
    write_class(course, course.part(3), tmp_path, 30)
    handed_in = [
        [path.relative_to(folder).as_posix() for path in folder.rglob("*.py")]
        for folder in tmp_path.iterdir()
    ]
    assert len(handed_in) == 30
    assert all(files == ["part3/model.py"] for files in handed_in)


def test_the_course_that_grades_them_has_one_part(course: Course, tmp_path: Path) -> None:
    alone = write_course(course, course.part(3), tmp_path)
    assert alone.parts == (course.part(3),)


def test_records_that_differ_in_their_times_alone_are_the_same() -> None:
    ada = record("ada", (task(),))
    later = replace(ada, started="later", seconds=9.0, tasks=(task(seconds=5.0),))
    alone = Run("alone", records={"ada": ada})
    assert differences(alone, Run("cluster", records={"ada": later})) == []
    other = replace(ada, tasks=(task(state="wrong"),))
    assert differences(alone, Run("cluster", records={"ada": other})) == ["ada"]
    assert differences(alone, Run("cluster")) == ["ada"]
