"""The page is one file that runs nothing but its own script, whatever was said in the run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from evals.baseline import Baseline, compare
from evals.coverage import Cell, coverage
from evals.reports import write_html
from evals.reports.html import html_page
from evals.results import Report
from tests.evals.reports.made import call, case, report, trial, turn, verdict

HOSTILE = [
    held["text"]
    for held in json.loads(
        (Path(__file__).parents[2] / "data" / "injections.json").read_text(encoding="utf-8")
    )["cases"]
]
BREAKING_OUT = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>--></title><img src=x onerror=alert(1)>",
    "{{script}} {{run}}",
    "&lt;b&gt;",
    "\u2028\u2029",
    "half \ud83d",
]


class Elements(HTMLParser):
    """Collects the elements of a page and the text inside each kind."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes an element."""
        self.tags.append((tag, dict(attrs)))
        named = dict(attrs).get("id") or dict(attrs).get("type")
        self._inside = f"{tag}:{named}" if tag == "script" else tag

    def handle_endtag(self, tag: str) -> None:
        """What follows is inside of nothing that is noted."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Notes the text of the element that was opened last."""
        self.texts[self._inside] = self.texts.get(self._inside, "") + data

    def run(self) -> dict[str, Any]:
        """The data of the page as its script reads it."""
        read: dict[str, Any] = json.loads(self.texts["script:run"])
        return read


def saying(text: str) -> Report:
    """A run in which everything that can hold text holds this one."""
    held = trial(
        "failed",
        turns=[turn(text, text, failed=text, calls=[call(text, input={"query": text})])],
        verdicts=[verdict("facts", "failed", text, text=text)],
        error=text,
    )
    return report(case("a", trials=[held]), model_id=text, commit=text, data_hashes={"base": text})


@pytest.mark.parametrize("text", [*HOSTILE, *BREAKING_OUT])
def test_no_text_becomes_markup(text: str) -> None:
    """The page has the same elements whatever the run says, and its script reads the very text."""
    page = Elements(html_page(saying(text)))
    harmless = Elements(html_page(saying("harmless")))
    assert page.tags == harmless.tags
    held = page.run()["report"]["cases"][0]["trials"][0]
    assert held["turns"][0]["answer"] == text
    assert held["turns"][0]["calls"][0]["input"] == {"query": text}
    assert page.texts["style"] == harmless.texts["style"]
    assert page.texts["script:module"] == harmless.texts["script:module"]


def test_the_policy_allows_our_style_and_script_and_nothing_else() -> None:
    """By hash: an injected script, style, image or request is refused by the browser."""
    page = Elements(html_page(report(case())))
    metas = [attributes for tag, attributes in page.tags if tag == "meta"]
    policy = next(meta["content"] for meta in metas if meta.get("http-equiv"))
    hashes = [
        base64.b64encode(hashlib.sha256(page.texts[name].encode()).digest()).decode()
        for name in ("style", "script:module")
    ]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{hashes[0]}'; script-src 'sha256-{hashes[1]}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def test_the_page_asks_for_no_other_file() -> None:
    """No address in any element, style or script, and nothing that turns text into markup."""
    page = Elements(html_page(report(case())))
    asking = {"src", "srcset", "data", "action", "poster", "style"}
    addresses = [
        value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in asking or (name == "href" and value != "#cases")
    ]
    assert addresses == []
    own = page.texts["style"] + page.texts["script:module"]
    assert re.findall(r"https?:|url\(|@import|innerHTML|insertAdjacent|\beval\(|fetch\(", own) == []


def test_the_page_carries_the_figures_that_the_other_reports_show(tmp_path: Path) -> None:
    """Totals, families, scorers, coverage and what changed come from the same code."""
    told = report(case("a"), case("b", "failed"), case("c", family="joins"))
    baseline = Baseline(model_id="x", prompt_hashes=[], data_hashes={}, commit="", cases={})
    explained = {Cell("list_orders", "refused"): "it only reads"}
    write_html(
        told,
        tmp_path / "new" / "report.html",
        coverage=coverage(told, explained=explained),
        comparison=compare(told, baseline),
    )
    page = Elements((tmp_path / "new" / "report.html").read_text(encoding="utf-8"))
    run = page.run()
    assert page.texts["title"].startswith("1 of 3 conversations failed, and the coverage has 2 ")
    assert [family["family"] for family in run["families"]] == ["joins", "orders", "all"]
    assert [scorer["scorer"] for scorer in run["scorers"]] == ["pii_scope", "facts"]
    assert run["coverage"]["tools"][0]["cells"] == [
        {"count": 3, "explained": "", "gap": False},
        {"count": 0, "explained": "", "gap": True},
        {"count": 0, "explained": "", "gap": True},
        {"count": 0, "explained": "it only reads", "gap": False},
    ]
    assert run["comparison"]["new"] == ["a", "b", "c"]
    assert run["comparison"]["worse"] is False


def test_a_page_without_extras_leaves_them_out() -> None:
    """Nothing is claimed of a coverage or a baseline that was not looked at."""
    run = Elements(html_page(report())).run()
    assert (run["coverage"], run["comparison"]) == (None, None)
    assert run["families"] == []


def test_who_allows_no_scripts_is_told() -> None:
    """The page is not simply empty."""
    page = Elements(html_page(report(case())))
    assert "noscript" in [tag for tag, _ in page.tags]
    assert "report.json" in " ".join(page.texts.values())
