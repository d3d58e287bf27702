"""Leaves out what only says why something is asked: ``her zip for the parcel``."""

from __future__ import annotations

from deploy.local.bedrock.understudy.reading.reading import Reading

_WHO = "(he|she|they|i|we|<name>|<customer>|(the|my) (customer|caller))"
_LINKS = "((because|since|as|so|and|for|,|cos) )?"
_WISHES = (
    "(might|may|would|could|wants?|needs?|would like|is thinking of|is looking for"
    "|is interested in)( to)?( (want|need|buy|get|order|take|like|have|buying|getting))?"
)
_ONE_OF_THEM = (
    "(another( one)?|a (second|third|new|spare)( one)?|one( more| of (them|those))?"
    "|some( more)?|more( of (them|those))?|it too|two|three|a few|<number>)"
)
_NOT_ASKED = "(?<!does )(?<!did )(?<!do )(?<!if )(?<!whether )(?<!what )(?<!which )"
# ``Is the chair in stock, he might want another``.
_WISH_FOR_MORE = rf"{_NOT_ASKED}{_LINKS}{_WHO} (also |maybe )?{_WISHES} {_ONE_OF_THEM}(?= ,| \.|$)"
_PAPER = "parcel|package|delivery|label|shipment|shipping label|courier|letter|form|file|paperwork"
_OF_A_PLACE = "zip|zip code|address|street|city|state|phone|number|email|name"
_FOR_PAPER = rf"(for|on|onto) (the|a|his|her|their|my|this|our) ({_PAPER})(?= ,| \.|$)"


# ``She wants to buy a second chair. stock?``: what she wishes is no question about orders.
_WISH_TO_BUY = (
    rf"{_NOT_ASKED}{_WHO} (also |now |maybe )?(wants?|would like|is thinking of|is looking|is keen"
    "|hopes|plans|is going|might want|may want)( to)? (buy|buying|purchase|purchasing|get|getting)"
)


def without_asides(reading: Reading) -> Reading:
    """The reading without wishes behind a question, and without what an address is needed for."""
    spans = list(reading.find(_WISH_FOR_MORE))
    if reading.has(_OF_A_PLACE):
        spans += reading.find(_FOR_PAPER)
    wishes = reading.find(_WISH_TO_BUY)
    spans += [(first, last) for first, last in wishes if last + 1 < len(reading.marks)]
    for first, last in sorted(spans, reverse=True):
        if last - first + 1 < len(reading.marks):
            reading = reading.without(first, last)
    return reading
