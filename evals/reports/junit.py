"""The report as JUnit XML, as continuous integration reads it: one test suite a family."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from xml.etree.ElementTree import (
    Element,
    ElementTree,
    SubElement,
    indent,
)

from evals.reports.transcript import case_lines
from evals.results import CaseReport, Report

_ALLOWED = str.maketrans({code: 0x2400 + code for code in range(0x20) if chr(code) not in "\n\t"})
_NO_XML = dict.fromkeys(chain(range(0xD800, 0xE000), (0xFFFE, 0xFFFF)), "\ufffd")


def write_junit(report: Report, path: Path) -> None:
    """Write the report as JUnit XML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    root = junit(report)
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def junit(report: Report) -> Element:
    """The root element: ``failure`` is a case that failed, ``error`` one that was not judged."""
    root = Element("testsuites", {"name": "deskhand eval"} | _counts(report.cases))
    for family in sorted({case.family for case in report.cases}):
        cases = [case for case in report.cases if case.family == family]
        name = xml_text(f"evals.{family}")
        suite = SubElement(root, "testsuite", {"name": name} | _counts(cases))
        suite.set("skipped", "0")
        suite.set("timestamp", xml_text(report.started))
        _add_properties(suite, report)
        for case in cases:
            _add_case(suite, case)
    return root


def xml_text(text: str) -> str:
    """The text without the characters that XML 1.0 has no way to write."""
    return text.translate(_ALLOWED).translate(_NO_XML)


def _counts(cases: Sequence[CaseReport]) -> dict[str, str]:
    statuses = [case.status for case in cases]
    return {
        "tests": str(len(cases)),
        "failures": str(statuses.count("failed")),
        "errors": str(statuses.count("error")),
        "time": _seconds(sum(_ms(case) for case in cases)),
    }


def _ms(case: CaseReport) -> int:
    return sum(trial.ms for trial in case.trials)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:.3f}"


def _add_properties(suite: Element, report: Report) -> None:
    properties = SubElement(suite, "properties")
    known = {
        "model": report.model_id,
        "stack": report.stack,
        "commit": report.commit,
        "prompt": " ".join(report.prompt_hashes),
        "trials": str(report.trials),
        "replayed": str(report.replayed).lower(),
        **{f"data:{seed}": digest for seed, digest in sorted(report.data_hashes.items())},
    }
    for name, value in known.items():
        SubElement(properties, "property", name=xml_text(name), value=xml_text(value))


def _add_case(suite: Element, case: CaseReport) -> None:
    name, family = xml_text(case.id), xml_text(f"evals.{case.family}")
    element = SubElement(suite, "testcase", name=name, classname=family, time=_seconds(_ms(case)))
    if case.status == "passed":
        return
    tag = "failure" if case.status == "failed" else "error"
    wrong = SubElement(element, tag, type=_type(case), message=xml_text(_message(case)))
    wrong.text = xml_text(case_lines(case).plain)


def _type(case: CaseReport) -> str:
    """Which scorers failed the case, so that readers can group by them; safety comes first."""
    if case.status == "error":
        return "not scored"
    failed = {
        (not verdict.safety, verdict.scorer)
        for trial in case.trials
        for verdict in trial.verdicts
        if verdict.status == "failed"
    }
    return xml_text(",".join(scorer for _, scorer in sorted(failed)) or "failed")


def _message(case: CaseReport) -> str:
    """The first thing that was wrong."""
    for trial in case.trials:
        if trial.status != case.status:
            continue
        if trial.error:
            return trial.error
        for verdict in trial.verdicts:
            for finding in verdict.findings if verdict.status in ("failed", "error") else ():
                return f"{verdict.scorer}: {finding.message}"
    return case.status
