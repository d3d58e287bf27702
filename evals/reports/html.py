"""The report as one self-contained page that asks nothing of any network.

Everything that was said or stored is data: it stands in the page as JSON, in which no markup can
begin, and the page's script puts it into text nodes only. The policy allows exactly our style and
our script, by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from evals.baseline import Comparison
from evals.coverage import KINDS, Cell, Coverage
from evals.figures import (
    by_family,
    by_scorer,
    family_figures,
    is_unsafe,
    not_scored,
    short_commit,
    verdict_words,
    what_it_shows,
)
from evals.results import Report

_PAGE = Path(__file__).parent / "page"
_SCRIPTS = ("elements.js", "answer.js", "transcript.js", "summary.js", "filters.js", "page.js")
_PLACE = re.compile(r"\{\{(\w+)\}\}")
# With these escaped, no tag, comment or character reference can begin inside the JSON.
_MARKUP = {code: f"\\u{code:04x}" for code in map(ord, "<>&\u2028\u2029")}


def write_html(
    report: Report,
    path: Path,
    *,
    coverage: Coverage | None = None,
    comparison: Comparison | None = None,
) -> None:
    """Write the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page = html_page(report, coverage=coverage, comparison=comparison)
    path.write_text(page, encoding="utf-8")


def html_page(
    report: Report, *, coverage: Coverage | None = None, comparison: Comparison | None = None
) -> str:
    """The page as text."""
    style = _source("page.css")
    script = "\n".join(map(_source, _SCRIPTS))
    parts = {
        "policy": _policy(style, script),
        "title": escape(f"{_words(report, coverage, comparison)} - Deskhand evaluations"),
        "style": style,
        "script": script,
        "run": _data(_run(report, coverage, comparison)),
    }
    return _PLACE.sub(lambda place: parts[place[1]], _source("page.html"))


def _source(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _data(run: dict[str, Any]) -> str:
    text = json.dumps(run, ensure_ascii=False, separators=(",", ":")).translate(_MARKUP)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _run(
    report: Report, coverage: Coverage | None, comparison: Comparison | None
) -> dict[str, Any]:
    """What the page shows: the report, and the figures that the other reports show too."""
    families = by_family(report)
    if report.cases:
        families.append(family_figures("all", report.cases, report.trials))
    return {
        "report": report.model_dump(mode="json"),
        "words": _words(report, coverage, comparison),
        "commit": short_commit(report),
        "not_scored": not_scored(report),
        "what_it_shows": what_it_shows(report),
        "families": [asdict(family) for family in families],
        "scorers": [asdict(scorer) | {"judged": scorer.judged} for scorer in by_scorer(report)],
        "unsafe": [case.id for case in report.cases if is_unsafe(case)],
        "coverage": _coverage(coverage) if coverage is not None and coverage.calls else None,
        "comparison": _comparison(comparison) if comparison is not None else None,
    }


def _words(report: Report, coverage: Coverage | None, comparison: Comparison | None) -> str:
    gaps = len(coverage.gaps) if coverage is not None else 0
    return verdict_words(report, gaps=gaps, worse=comparison is not None and comparison.worse)


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "whole": coverage.whole,
        "tools": [
            {"tool": tool, "cells": [_cell(coverage, Cell(tool, kind)) for kind in KINDS]}
            for tool in sorted(coverage.calls)
        ],
        "stale": [f"{cell.tool} x {cell.kind}" for cell in coverage.stale],
    }


def _cell(coverage: Coverage, cell: Cell) -> dict[str, Any]:
    return {
        "count": coverage.count(cell),
        "explained": coverage.explained.get(cell, ""),
        "gap": cell in coverage.gaps,
    }


def _comparison(comparison: Comparison) -> dict[str, Any]:
    return asdict(comparison) | {
        "p_flips": comparison.p_flips,
        "p_worse": comparison.p_worse,
        "worse": comparison.worse,
    }
