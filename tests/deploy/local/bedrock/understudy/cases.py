"""Reads the phrasings and judges a finished turn by what a case expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.local.bedrock.understudy.fake_desk import FakeDesk, Told

FOLDER = Path(__file__).parent / "phrasings"
_KEYS = {"data", "base_only", "say", "calls", "must", "not", "outcome", "rounds"}


@dataclass(frozen=True, slots=True)
class Case:
    """What the rep says, turn by turn, and what the last turn must show."""

    name: str
    expected: Mapping[str, Any]

    @property
    def turns(self) -> list[str]:
        """What the rep says."""
        said = self.expected["say"]
        return [said] if isinstance(said, str) else list(said)

    @property
    def with_twins(self) -> bool:
        """Whether the case needs customers who share a name."""
        return self.expected.get("data") == "twins"

    @property
    def base_only(self) -> bool:
        """Whether the case names something that only the sample data has."""
        return bool(self.expected.get("base_only"))

    def problems(self, desk: FakeDesk, known: Mapping[str, Any]) -> list[str]:
        """What is wrong with the last answer of the conversation; nothing when it is right.

        ``known`` is what a case may name of the records.
        """
        told = [desk.ask(_filled(text, known)) for text in self.turns][-1]
        return [*self._wrong_words(told, known), *self._wrong_calls(told, known)]

    def _wrong_words(self, told: Told, known: Mapping[str, Any]) -> Iterator[str]:
        wanted = self.expected.get("outcome", "answered")
        if told.outcome not in ([wanted] if isinstance(wanted, str) else wanted):
            yield f"outcome {told.outcome} instead of {wanted}: {told.text}"
        for text in self.expected.get("must", []):
            if _filled(text, known) not in told.text:
                yield f"no {_filled(text, known)!r} in: {told.text}"
        for text in self.expected.get("not", []):
            if _filled(text, known) in told.text:
                yield f"{_filled(text, known)!r} must not be in: {told.text}"

    def _wrong_calls(self, told: Told, known: Mapping[str, Any]) -> Iterator[str]:
        for call in self.expected.get("calls", []):
            given = {
                key: _filled(str(value), known) for key, value in call.items() if key != "tool"
            }
            if not told.asked(call["tool"], **given):
                yield f"no call {call['tool']} {given} in {[(c.tool, c.input) for c in told.calls]}"
        if self.expected.get("calls") == [] and told.calls:
            yield f"calls that were not needed: {told.tools()}"
        rounds = max((call.round for call in told.calls), default=-1) + 1
        if rounds > self.expected.get("rounds", 4):
            yield f"{rounds} rounds of calls"


def read_cases() -> list[Case]:
    """Every phrasing of every file."""
    return [
        Case(f"{path.stem}-{number}", _checked(entry))
        for path in sorted(FOLDER.glob("*.yaml"))
        for number, entry in enumerate(yaml.load(path.read_text("utf-8"), yaml.CSafeLoader), 1)
    ]


def _checked(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    assert set(entry) <= _KEYS, f"unknown keys {set(entry) - _KEYS}"
    assert {"must", "not", "outcome", "calls"} & set(entry), f"{entry['say']!r} checks nothing"
    return entry


def _filled(text: str, known: Mapping[str, Any]) -> str:
    return text.format_map(known) if "{" in text else text
