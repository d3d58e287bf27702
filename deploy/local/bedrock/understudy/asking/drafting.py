"""Reads a request to word a reply to the customer; what is left of it is an ordinary question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.conversation import Turn

_POLITELY = r"(?:please|kindly|now|ok|okay|and|then|can you|could you|would you|will you|,)"
_KIND = r"(?:short|brief|quick|polite|friendly|nice|suggested|little|written|good|proper)"
_TEXT = r"(?:reply|replies|answer|response|message|e-?mail|mail|letter|note|sms)"
_PERSON = r"(?:the customer|the caller|customer|caller|her|him|them|it|this)"
_RATHER = r"(?:about|on|regarding|concerning|saying|telling|explaining|with|that|answering|of)"
_DRAFT = re.compile(
    rf"^\s*(?:{_POLITELY}\s*)*"
    rf"(?:(?:draft|compose|word|formulate|suggest|prepare|write)\s+(?:me\s+|us\s+)?(?:up\s+)?"
    rf"(?:an?\s+|the\s+|some\s+|my\s+)?(?:{_KIND}\s+)*{_TEXT}"
    r"|(?:what|how)\s+(?:do|should|can|could|shall|would)\s+(?:i|we)\s+"
    r"(?:write|reply|answer|respond|write back))\b"
    r"(?:\s+back)?(?:\s+(?:for|that)\s+(?:me|i can send|we can send))?"
    rf"(?:\s+(?:to|for)\s+{_PERSON}\b)?(?:\s+please)?",
    re.IGNORECASE,
)
_LINK = re.compile(
    rf"^[\s,:.–-]*(?:(?:to|for)\s+(?=\S))?(?:{_RATHER}\b\s*)?"
    rf"(?:(?:telling|saying)\s+)?(?:{_PERSON}\s+that\s+)?",
    re.IGNORECASE,
)
_ABOUT = re.compile(rf"^(?P<who>[^,:?]+?)[\s,:]+{_RATHER}\s+(?P<what>.+)$", re.IGNORECASE | re.S)


def wants_draft(text: str) -> bool:
    """Whether a reply to the customer is wanted."""
    return _DRAFT.match(text) is not None


def as_asked(turns: Sequence[Turn]) -> list[Turn]:
    """The turns with the questions that stand behind requests for a reply.

    A reply without a question of its own is about what was asked last.
    """
    asked: list[Turn] = []
    for turn in turns:
        drafting = _DRAFT.match(turn.text)
        text = _question(turn.text[drafting.end() :]) if drafting else turn.text
        asked.append(replace(turn, text=text or (asked[-1].text if asked else turn.text)))
    return asked


def _question(rest: str) -> str:
    rest = rest[found.end() :] if (found := _LINK.match(rest)) else rest
    rest = rest.strip(" .?!,:\n")
    if about := _ABOUT.match(rest):
        return f"{about['who']}: {about['what']}"
    return rest
