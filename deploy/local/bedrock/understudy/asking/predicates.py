"""Reads what a yes-or-no question says of its subject: ``is she gold``, ``are they shipped``."""

from __future__ import annotations

from deploy.local.bedrock.understudy.reading import cues, groups
from deploy.local.bedrock.understudy.reading.reading import Reading

FILLERS = frozenset("and so ok hi hello please also but then well yes no the hey".split())
_YES_NO = frozenset(
    "am is are was were does do did has have had can may could should any will".split()
)
_OPEN_QUESTION = "what|which|how much|how many|when|who"
_INDIRECT = (
    "(know|check|see|ask|asks|asking|asked|wonder|wonders|wondering|find out|tell me|sure|confirm)"
    " (if|whether)"
)
_TIERS = "|".join(groups.TIERS)
_OF_SOMEBODY = f"(is|are|was|were|am)~({_TIERS})(?! (customers|members|accounts|people|users))"
_STATUSES = "|".join(sorted(groups.STATUSES, key=len, reverse=True))
_OF_ORDERS = f"({_STATUSES})(?! (orders?|purchases?|ones?))"
_ALL_OF_STATUS = (
    f"(what|which|anything|something|everything|all|any|show|list|whatever)~({_STATUSES})"
    "(?! (orders?|ones?|cases?|tickets?|customers?|accounts?|reviews?))"
)
# ``Are there any shipped`` asks for some of them, not what they are.
_EXISTS = "any|there|no|got|does|do|did|how|anything"


def asks_yes_no(reading: Reading) -> bool:
    """Whether a reading can be answered by yes or no."""
    words = [mark.words.split()[0] for mark in reading.marks if mark.kind == "word"]
    lead = [word for word in words[:4] if word not in FILLERS]
    asks = bool(lead) and (lead[0] in _YES_NO or lead[:2] == ["got", "any"])
    asks = (asks and lead[1:2] != ["you"]) or reading.has(_INDIRECT)
    return asks and not reading.has(_OPEN_QUESTION)


# A warranty may be a premium one too.
_NO_TIER = "any|there|warranty|warranties|warrantied|coverage|covered"


def asked_tier(reading: Reading) -> int | None:
    """The mark of the tier of which a question asks whether a customer has it."""
    if not (asks_yes_no(reading) or reading.has(cues.CLAIM)) or reading.has(_NO_TIER):
        return None
    return next((last for _, last in reading.find(_OF_SOMEBODY)), None)


def asked_status(reading: Reading) -> int | None:
    """The mark of the status of which a question asks whether orders have it."""
    if not (asks_yes_no(reading) or reading.has(cues.CLAIM)) or reading.has(_EXISTS):
        return None
    return next((last for _, last in reading.find(_OF_ORDERS)), None)


def asks_for_status(reading: Reading) -> bool:
    """Whether all that has a status is asked for: ``what is still pending``."""
    return reading.has(_ALL_OF_STATUS) and not reading.has("what about|how about|ones?|<customer>")
