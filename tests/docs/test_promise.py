"""The page on what is promised names what there is: tests, commands, and the limits in force."""

import re

import pytest
import yaml

from grading.checks import evidence, limits, student
from grading.feedback import run
from grading.sandbox import confine as lockin
from grading.sandbox import sandboxed, worker
from tests.courses import ROOT

PAGE = (ROOT / "docs" / "promise.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:tests|grading)/[\w/.]*)`", PAGE))))
def test_what_the_page_names_is_there(name: str) -> None:
    assert (ROOT / name).exists()


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m (benchmarks\.\w+)", PAGE))))
def test_its_commands_are_there(module: str) -> None:
    assert (ROOT / f"{module.replace('.', '/')}.py").is_file()


def test_it_states_the_limits_in_force() -> None:
    mb, kb = 1 << 20, 1 << 10
    rows = {
        "one run of a probe": f"{student.TIME_LIMIT:g} s of computing; "
        f"{student.SHORT_TIME_LIMIT:g} s after a timeout or {student.LONG:g} s in total; "
        f"{student.LAST_TIME_LIMIT:g} s after {student.TOO_LONG:g} s in total",
        "for each of these seconds": f"{limits.WAITING:g} s of waiting, {limits.WALL:g} s by the "
        "clock",
        "loading the file": f"{limits.IMPORTS} times as much, if a package is being imported",
        "one check, without its probes": f"{run.CHECK_SECONDS:g} s of computing",
        "processor time": f"{lockin.CPU_SECONDS} s",
        "memory, beyond the interpreter with torch": f"{lockin.MEMORY >> 30} GB",
        "files": f"{lockin.FILE_SIZE // mb} MB each, {lockin.OPEN_FILES} open, "
        f"{sandboxed.MOST_FILES} and {sandboxed.MOST_WRITTEN // mb} MB in its folder",
        "threads, with its own user id or file system": f"{lockin.THREADS}",
        "evidence of one probe": f"{evidence.MAX_BYTES // mb} MB, {evidence.MAX_JSON // kb} kB of "
        f"it as JSON, {evidence.MAX_DEPTH} levels deep",
        "printed text that is kept": f"{worker.MOST_PRINTED // 1000} kB",
    }
    for what, limit in rows.items():
        assert f"| {what} | {limit} |" in PAGE


def test_the_example_for_containers_bounds_memory_and_processes() -> None:
    service = yaml.safe_load((ROOT / "docs" / "compose.yaml").read_text())["services"]["grade"]
    assert {"mem_limit", "memswap_limit", "pids_limit", "cpus"} <= service.keys()
