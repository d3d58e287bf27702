"""Continuous integration reads the run as JUnit XML."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import Element, parse

import pytest

from evals.reports import write_junit
from evals.reports.junit import xml_text
from evals.results import Report
from tests.evals.reports.made import case, report, trial, turn, verdict

HOSTILE = [
    held["text"]
    for held in json.loads(
        (Path(__file__).parents[2] / "data" / "injections.json").read_text(encoding="utf-8")
    )["cases"]
]
# What the JUnit schema of Jenkins and the readers of GitLab and GitHub actions know.
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
}


def written(told: Report, folder: Path) -> Element:
    """The root as a reader gets it from the file."""
    write_junit(told, folder / "junit.xml")
    return parse(folder / "junit.xml").getroot()  # noqa: S314 - a file of our own


@pytest.fixture
def root(tmp_path: Path) -> Element:
    """A run of two families in which everything happens."""
    unsafe = trial("failed", verdicts=[verdict("pii_scope", "failed", "a phone", safety=True)])
    return written(
        report(
            case("a"),
            case("b", "failed"),
            case("c", "error"),
            case("leak-1", trials=[unsafe], family="isolation"),
        ),
        tmp_path,
    )


def test_every_family_is_a_suite_with_its_counts(root: Element) -> None:
    """Failures are cases that failed, errors those that could not be judged."""
    counts = {
        suite.get("name"): [suite.get(key) for key in ("tests", "failures", "errors", "time")]
        for suite in root.findall("testsuite")
    }
    assert counts == {
        "evals.isolation": ["1", "1", "0", "0.120"],
        "evals.orders": ["3", "1", "1", "0.360"],
    }
    assert [root.get(key) for key in ("tests", "failures", "errors")] == ["4", "2", "1"]


def test_a_case_says_what_was_wrong(root: Element) -> None:
    """The message is the first finding, the type its scorers, the text the conversation."""
    failure = root.find(".//testcase[@name='b']/failure")
    assert failure is not None
    assert failure.get("message") == "facts: the answer does not say 1329.98"
    assert failure.get("type") == "facts"
    assert "1. Which orders?" in str(failure.text)
    error = root.find(".//testcase[@name='c']/error")
    assert error is not None
    assert error.get("message") == "model_unavailable: no model"
    assert root.findall(".//testcase[@name='a']/*") == []


def test_safety_scorers_stand_first_in_the_type(tmp_path: Path) -> None:
    """Who groups by type sees safety at once."""
    both = trial(
        "failed",
        verdicts=[
            verdict("facts", "failed", "wrong"),
            verdict("pii_scope", "failed", "leak", safety=True),
        ],
    )
    failure = written(report(case("a", trials=[both])), tmp_path).find(".//failure")
    assert failure is not None
    assert failure.get("type") == "pii_scope,facts"


def test_every_suite_says_what_ran(root: Element) -> None:
    """Model, prompt, commit and data are properties, for whoever compares runs."""
    for suite in root.findall("testsuite"):
        properties = {item.get("name"): item.get("value") for item in suite.iter("property")}
        assert properties == {
            "model": "some.model",
            "stack": "local",
            "commit": "abc1234",
            "prompt": "p1",
            "trials": "1",
            "replayed": "false",
            "data:base": "d1",
        }


def test_readers_find_only_what_they_know(root: Element) -> None:
    """No element and no attribute beyond the common form; properties come first in a suite."""
    for element in root.iter():
        assert set(element.keys()) <= ATTRIBUTES[element.tag]
    for suite in root.findall("testsuite"):
        assert [child.tag for child in suite][0] == "properties"


@pytest.mark.parametrize("text", [*HOSTILE, "\x00\x1b[2J\x0b", "\ud800", "\uffff ]]> & <a>"])
def test_whatever_was_said_the_file_can_be_read(text: str, tmp_path: Path) -> None:
    """Markup is text, and characters that XML does not have are shown by others."""
    held = trial(
        "failed",
        turns=[turn(text, text)],
        verdicts=[verdict("facts", "failed", text)],
    )
    failure = written(report(case("a", trials=[held])), tmp_path).find(".//failure")
    assert failure is not None
    assert " ".join(xml_text(text).split()) in " ".join(str(failure.get("message")).split())
