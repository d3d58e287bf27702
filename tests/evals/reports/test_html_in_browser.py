"""The page in a real browser: what its script makes of a run, and that nothing else runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from evals.reports import write_html
from evals.results import Report
from tests.evals.reports.made import call, case, report, trial, turn, verdict

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
HOSTILE = [
    held["text"]
    for held in json.loads(
        (Path(__file__).parents[2] / "data" / "injections.json").read_text(encoding="utf-8")
    )["cases"]
]
VOID = {"meta", "input", "br", "img", "link", "base"}


class Drawn(HTMLParser):
    """The document as the browser has it after the script: visible cases, marks, text."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.cases: list[str] = []
        self.marks: list[tuple[str, str]] = []
        self.words: list[str] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(document)

    @property
    def text(self) -> str:
        """Everything between the tags, without style and scripts."""
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element; of the cases those that are not hidden."""
        attributes = dict(attrs)
        self.tags.add(tag)
        if "case" in str(attributes.get("class")).split() and "hidden" not in attributes:
            self.cases.append(str(attributes["id"]).removeprefix("case-"))
        if tag not in VOID:
            self._open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        """Closes the element."""
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Notes text, and what of it is marked, with the mark's reason."""
        tag, attributes = self._open[-1] if self._open else ("", {})
        if tag in ("style", "script"):
            return
        self.words.append(data)
        if tag == "mark":
            self.marks.append((data, str(attributes["title"])))


def drawn(told: Report, folder: Path, address: str = "") -> Drawn:
    """The page of a run in the browser, and no complaint on its console."""
    page = folder / "report.html"
    write_html(told, page)
    ended = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--enable-logging=stderr",
            "--virtual-time-budget=3000",
            f"--user-data-dir={folder / 'profile'}",
            "--dump-dom",
            f"{page.as_uri()}{address}",
        ],
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    assert [line for line in ended.stderr.splitlines() if "CONSOLE" in line] == []
    return Drawn(ended.stdout)


@pytest.fixture
def told() -> Report:
    """A run with a case of every kind."""
    wrong = trial(
        "failed",
        turns=[turn("Which orders?", "**Bob** has 2 orders, 1329.98 and 3.50, and 3 of `x`.")],
        verdicts=[
            verdict("grounded", "failed", "3 is in no result", text="3"),
            verdict("facts", "failed", "the order count", text="**Bob** has 2"),
        ],
    )
    return report(
        case("fine-1"),
        case("wrong-1", trials=[wrong]),
        case("unheld-1", "error", family="faults"),
        case("critical-1", family="joins", severity="critical"),
    )


def test_all_conversations_are_listed_the_wrong_ones_first(told: Report, tmp_path: Path) -> None:
    """What needs a look stands on top."""
    page = drawn(told, tmp_path)
    assert page.cases == ["wrong-1", "unheld-1", "fine-1", "critical-1"]
    assert "1 of 4 conversations failed" in page.text
    assert "Counted by itself, never averaged with quality." in page.text
    assert page.marks == []


@pytest.mark.parametrize(
    ("address", "cases"),
    [
        ("#status=failed", ["wrong-1"]),
        ("#status=error", ["unheld-1"]),
        ("#family=joins", ["critical-1"]),
        ("#severity=critical", ["critical-1"]),
        ("#scorer=grounded", ["wrong-1"]),
        ("#q=BOB+1329", ["wrong-1"]),
        ("#status=passed&family=faults", []),
    ],
)
def test_the_address_keeps_the_filter(
    address: str, cases: list[str], told: Report, tmp_path: Path
) -> None:
    """A view can be sent to somebody else as a link."""
    assert drawn(told, tmp_path, address).cases == cases


def test_a_linked_conversation_is_open_with_its_wrong_parts_marked(
    told: Report, tmp_path: Path
) -> None:
    """Whole words only, across bold text too, each with the scorer and its reason."""
    page = drawn(told, tmp_path, "#case=wrong-1")
    assert page.cases == ["wrong-1"]
    assert page.marks == [
        ("Bob", "facts: the order count"),
        (" has 2", "facts: the order count"),
        ("3", "grounded: 3 is in no result"),
    ]
    assert "grounded 3 is in no result" in page.text
    assert "list_orders customer_id: CUST001" in page.text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    """Every hostile text at once, in every place: no element of its own, no script, no request."""
    texts = [*HOSTILE, "<img src=x onerror=document.title=1>", "[a](javascript:alert(1))"]
    held = trial(
        "failed",
        turns=[turn(text, text, calls=[call(text, input={text: text})]) for text in texts],
        verdicts=[
            verdict("facts", "failed", text, text=text, at=at) for at, text in enumerate(texts)
        ],
    )
    page = drawn(report(case("hostile-1", trials=[held])), tmp_path, "#case=hostile-1")
    assert page.cases == ["hostile-1"]
    assert "<img src=x onerror=document.title=1>" in page.text
    assert page.tags.isdisjoint({"img", "iframe", "object", "embed", "base", "svg", "link"})
    assert [mark for mark in page.marks if "<img src=x" in mark[0]] != []
