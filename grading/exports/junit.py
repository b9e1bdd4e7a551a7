"""JUnit XML for build servers and other tools: one suite per student."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from grading.batch.records import Record, TaskRecord, bonus
from grading.states import NOT_STARTED, State

FAILURES: tuple[State, ...] = ("wrong",)
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACEMENT = "\ufffd"


def junit_xml(records: Iterable[Record]) -> str:
    """One test suite per student with one test case per task.

    A record that is not complete has an extra test case, "grading", which is an error: otherwise
    a suite could look fine only because little of it was graded. If nothing was handed in, that
    case is skipped.
    """
    suites = [_suite(record) for record in records]
    root = ET.Element("testsuites", name="course")
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(record: Record) -> ET.Element:
    cases = [_case(task) for task in record.tasks]
    if record.status != "complete":
        case = ET.Element("testcase", classname="grading", name="grading", time="0.000")
        tag = "skipped" if record.status == "missing" else "error"
        _outcome(case, tag, record.reason or record.status, record.status)
        cases.append(case)
    suite = ET.Element("testsuite", name=_clean(record.student_id))
    suite.set("tests", str(len(cases)))
    for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{record.seconds:.3f}")
    suite.set("timestamp", _clean(record.started))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(record).items():
        ET.SubElement(properties, "property", name=name, value=_clean(str(value)))
    suite.extend(cases)
    return suite


def _properties(record: Record) -> dict[str, str | int]:
    hidden = {
        "hidden_points": sum(check.score for check in record.hidden),
        "max_hidden_points": sum(check.max_score for check in record.hidden),
    }
    of_bonus, max_bonus = bonus(record)
    return {
        "points": record.score,
        "max_points": record.max_score,
        **({"bonus_points": of_bonus, "max_bonus_points": max_bonus} if max_bonus else {}),
        **(hidden if record.hidden else {}),
        "status": record.status,
        "seed": record.seed,
        "submission_sha256": record.submission_sha256,
        "checks_sha256": record.checks_sha256,
    }


def _case(task: TaskRecord) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=f"part{task.id.split('.')[0]}",
        name=_clean(f"{task.id} {task.title}"),
        time=f"{task.seconds:.3f}",
    )
    if task.state in NOT_STARTED:
        _outcome(case, "skipped", task.headline, task.state)
    elif task.state in FAILURES:
        _outcome(case, "failure", task.headline, task.state, task.message)
    elif task.state != "passed":
        _outcome(case, "error", task.headline, task.state, task.message)
    return case


def _outcome(case: ET.Element, tag: str, message: str, kind: str, text: str = "") -> None:
    element = ET.SubElement(case, tag, message=_clean(message), type=kind)
    element.text = _clean(text) or None


def _clean(text: str) -> str:
    """The text without characters that XML 1.0 forbids even when escaped."""
    return NOT_IN_XML.sub(REPLACEMENT, text)
