"""JUnit XML that other tools can read."""

import xml.etree.ElementTree as ET
from dataclasses import replace

from grading.exports.junit import junit_xml
from tests.records import BONUS, HIDDEN, TASKS, six_states

CHILDREN = {  # which elements may stand in which, and in what order
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase"],
    "properties": ["property"],
    "property": [],
    "testcase": ["error", "failure", "skipped"],
    "failure": [],
    "error": [],
    "skipped": [],
}
NEEDED = {
    "testsuites": {"name", "tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "property": {"name", "value"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message", "type"},
    "properties": set(),
}


def read(text: str) -> ET.Element:
    """Parse it back and hold it against the structure of JUnit XML."""
    root = ET.fromstring(text.encode("utf-8"))
    assert root.tag == "testsuites"
    for element in root.iter():
        order = [CHILDREN[element.tag].index(child.tag) for child in element]
        assert order == sorted(order), element.tag
        assert set(element.attrib) == NEEDED[element.tag]
    for suite in root:
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count, "")) == len(suite.findall(f"testcase/{tag}"))
    return root


def properties(suite: ET.Element) -> dict[str | None, str | None]:
    return {one.get("name"): one.get("value") for one in suite.findall("properties/property")}


def test_a_suite_per_student_and_a_case_per_task() -> None:
    root = read(junit_xml([six_states("ada"), six_states("bo")]))
    assert [suite.get("name") for suite in root] == ["ada", "bo"]
    assert [root.get(count) for count in ("tests", "failures", "errors", "skipped")] == [
        *("12", "2", "4", "4")
    ]
    assert [
        (case.get("classname"), case.get("name"), case.get("time"), [one.tag for one in case])
        for case in root[0].findall("testcase")
    ] == [
        ("part3", "3.1 tables", "0.250", []),
        ("part3", "3.2 MatrixFactorization.forward", "0.500", ["failure"]),
        ("part4", "4.1 make_loader", "0.000", ["error"]),
        ("part4", "4.2 train_epoch", "2.000", ["error"]),
        ("part4", "4.3 evaluate", "0.000", ["skipped"]),
        ("part4", "4.4 fit", "0.000", ["skipped"]),
    ]


def test_a_failure_holds_all_that_the_student_reads() -> None:
    record = six_states()
    [failure] = read(junit_xml([record])).iter("failure")
    assert failure.text == record.tasks[1].message
    assert failure.get("type") == "wrong"
    assert (failure.get("message") or "").endswith("wrong values (shape and dtype are right)")


def test_the_bonus_stands_beside_the_points() -> None:
    [suite] = read(junit_xml([six_states(tasks=TASKS + BONUS)]))
    found = properties(suite)
    assert (found["points"], found["max_points"]) == ("5", "21")
    assert (found["bonus_points"], found["max_bonus_points"]) == ("4", "7")
    [suite] = read(junit_xml([six_states()]))
    assert "bonus_points" not in properties(suite)


def test_points_are_properties_of_the_suite() -> None:
    one = six_states(hidden=HIDDEN)
    [suite] = read(junit_xml([one]))
    found = properties(suite)
    assert (found["points"], found["max_points"]) == ("6", "24")
    assert (found["hidden_points"], found["max_hidden_points"]) == ("1", "3")
    assert (found["seed"], found["submission_sha256"]) == (str(one.seed), one.submission_sha256)
    assert suite.get("timestamp") == one.started


def test_what_is_not_complete_is_an_error() -> None:
    record = six_states(status="ungradable", reason="the folder is empty", tasks=())
    [error] = read(junit_xml([record])).iter("error")
    assert (error.get("type"), error.get("message")) == ("ungradable", "the folder is empty")


def test_characters_that_xml_does_not_have_are_replaced() -> None:
    task = TASKS[1]
    message = "3.2 x: \x1b[31m\x00 <b>&amp;]]> \ud800 \ufffe é 😀\n\tnext"
    record = six_states("a\x07<b>", tasks=(replace(task, message=message),))
    root = read(junit_xml([record]))
    assert root[0].get("name") == "a\ufffd<b>"
    [failure] = root.iter("failure")
    assert failure.text == "3.2 x: \ufffd[31m\ufffd <b>&amp;]]> \ufffd \ufffd é 😀\n\tnext"


def test_nobody_is_a_document_too() -> None:
    assert read(junit_xml([])).get("tests") == "0"


def test_where_nothing_was_handed_in_the_grading_is_skipped() -> None:
    one = six_states(tasks=(), status="missing", reason="nothing was handed in")
    (suite,) = ET.fromstring(junit_xml([one]))
    assert (suite.get("tests"), suite.get("skipped"), suite.get("errors")) == ("1", "1", "0")
