"""How answers name the systems, and what they say of one that could not be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACE = r"(?:system|service|database|data ?base|data|store|records?|server|tool|look-?up|check)s?"

# By the name that cases and turn events use.
NAMES: Mapping[str, re.Pattern[str]] = {
    system: re.compile(pattern, re.IGNORECASE)
    for system, pattern in {
        "aurora": r"\baurora\b|\b(?:orders?|accounts?|customers?|shop|sales|main|user)"
        rf"[- ](?:accounts? |and \w+ )?{_PLACE}\b|\borders and (?:accounts|customers)\b",
        "catalog": rf"\bcatalog(?:ue)?\b|\b(?:reviews?|ratings?)(?: {_PLACE})\b"
        r"|\breviews? (?:and|or) ratings?\b",
        "warranty": rf"\bwarrant(?:y|ies)[- ](?:\w+ )?{_PLACE}\b|\bwarranties\b",
        "profile": rf"\b(?:customer[- ])?profiles?(?:[- ]{_PLACE})?\b",
    }.items()
}

_DOWN = (
    r"(?:(?:could|can) ?n[o']t|unable to|not able to|failed to|did ?n[o']t manage to)"
    r" (?:be )?(?:be )?(?:reach|ask|quer|contact|access|check|look|read|load|retriev|fetch|get|see"
    r"|tell|find out|verif|confirm|say|connect)"
    r"|(?:did|does|do|is|are|was|were) ?n[o']t (?:answer|respond|reply|return|available|reachable"
    r"|responding|answering|working|reached|asked)"
    r"|no (?:answer|reply|response) from|\bunavailable\b|\bunreachable\b|\boffline\b"
    r"|\btimed out\b|\btime-?out\b|\b(?:is|are|was|were|seems?) (?:currently |just now )?down\b"
    r"|\bout of (?:service|order)\b|\bfail(?:ed|ing|s|ure)\b|\boutage\b|\btoo busy\b|\bis busy\b"
    r"|\btry again\b|\bnot (?:been )?(?:asked|checked|reached|answered)\b|\bhad an error\b"
    r"|\ban error\b|\bmissing (?:from|here)\b"
)
DOWN = re.compile(_DOWN, re.IGNORECASE)

# What "there is none" is said of, by the system that holds it.
_HELD = {
    "aurora": r"orders?|accounts?|products?",
    "catalog": r"reviews?|ratings?",
    "warranty": r"warrant(?:y|ies)|cover(?:age)?",
    "profile": r"profiles?|tier|address|phone(?: number)?|preferences|support cases|notes?",
}
_ABSENT = (
    r"\b(?:no|zero|0|without(?: any)?|not any|never had (?:a|any)) (?:[a-z]+ ){{0,1}}(?:{held})\b"
    r"(?! (?:id|number|system|service|database|data)\b)"
    r"|\b(?:{held})\b[^.\n|]{{0,40}}(?::\**\s*|\b(?:are|is|were|was|there are|there is|has|have)\s)"
    r"\**(?:none|nothing|not found|unknown|empty|0)\b"
    r"|\bnot under (?:{held})\b"
    r"|\bha(?:s|ve) (?:not|n't|never) (?:got |left |written |placed )?(?:a|any) (?:[a-z]+ )?"
    r"(?:{held})\b|\b(?:do|does)(?: not|n't) have (?:a|any) (?:[a-z]+ )?(?:{held})\b"
    r"|\b(?:{held})\b[^.\n|]{{0,20}}\b(?:do|does) not exist\b"
)
ABSENT: Mapping[str, re.Pattern[str]] = {
    system: re.compile(_ABSENT.format(held=held), re.IGNORECASE) for system, held in _HELD.items()
}


def names(system: str, text: str) -> bool:
    """Whether the text names the system, by one of its names or as the case has it."""
    pattern = NAMES.get(system.casefold())
    if pattern is None:
        pattern = re.compile(rf"\b{re.escape(system)}\b", re.IGNORECASE)
    return pattern.search(text) is not None


def says_none(system: str, clause: str) -> bool:
    """Whether the clause says that there is none of what the system holds."""
    absent = ABSENT.get(system)
    return absent is not None and bool(absent.search(clause)) and not DOWN.search(clause)


def called_down(system: str, sentence: str) -> bool:
    """Whether the sentence says of this very system that it did not answer."""
    return _CALLED_DOWN[system].search(sentence) is not None


_REFUSED = (
    r"(?:(?:is|are|was|were|seems?(?: to be)?|appears?(?: to be)?) (?:\w+ ){0,2}?"
    r"(?:down|unavailable|unreachable|offline|out of (?:service|order)|not (?:available|reachable"
    r"|responding|answering|working))"
    r"|(?:could not|couldn't|cannot|can't|can not) be (?:asked|reached|queried|contacted|accessed)"
    r"|(?:did|does) ?(?:not|n't) (?:answer|respond|reply)|timed out|has timed out"
    r"|(?:has|had) (?:an outage|failed|crashed))"
)
_REACHED = (
    r"(?:could not|couldn't|cannot|can't|unable to|failed to|was not able to)"
    r" (?:reach|ask|query|contact|access|connect to)(?: the| our)? "
)
_CALLED_DOWN: Mapping[str, re.Pattern[str]] = {
    system: re.compile(
        rf"(?:{name.pattern})(?: \w+)? (?:currently |just now |right now )?{_REFUSED}"
        rf"|{_REACHED}(?:{name.pattern})",
        re.IGNORECASE,
    )
    for system, name in NAMES.items()
}
