"""Recognises what is not to be answered from data: attacks, requests to change something, small talk."""

from __future__ import annotations

from deploy.local.bedrock.understudy.reading import changes, talk
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading

_POLITE = (
    "(?:please |pls |can you |could you |would you |will you |can we |could we |can i |i want you to |i need you to |i need to |i want to |i would like (?:you )?to |we need to |we want to |we have to |let us "
    "|you (?:should|must|need to|have to) |(?:he|she|they|the customer|<customer>|<name>) (?:wants?|would like|needs?|asks?|asked|asked me|wishes) (?:me |us |you )?to |go ahead and |just |now |then |and |also |kindly |help me (?:to )?|help (?:him|her|them) |have to |how (?:do|can|could) (?:i|we|you) |want to |like to |to |<customer> |<name> |, |not )"
)
_START = rf"(?:^|\. )(?:{_POLITE}|ok |so |hi |hello |hey |no |yes |great |but |{_POLITE}{_POLITE}|hi , {_POLITE}|hello , {_POLITE})?"
_ASKED = "(?:can|could|would|will) (?:you|we|i) (?:please |also |just |now |maybe |quickly )?|please |i (?:want|need|would like) (?:you )?to (?:please |also |just )?|wants? (?:me |us |you )?to |asked (?:me |us )?to |go ahead and |and (?:then )?(?:please )?|then |to "


_ATTACKS = PhraseBook(talk.ATTACKS)
_SQL = PhraseBook(talk.SQL)
_NOUN_REQUESTS = PhraseBook(changes.NOUN_REQUESTS)
_ROLE_CLAIMS = PhraseBook(talk.ROLE_CLAIMS)
_OFF_TOPIC = PhraseBook(talk.OFF_TOPIC)
_KINDS = (
    ("who", talk.WHO_ARE_YOU),
    ("help", talk.HELP),
    ("greeting", talk.GREETINGS),
    ("thanks", talk.THANKS),
)
_SMALL_TALK = PhraseBook(phrase for _, phrases in _KINDS for phrase in phrases)
_SMALL_TALK_KINDS = tuple(name for name, phrases in _KINDS for _ in phrases)
_CONTACT_START = r"^|\. |(?:can|could|would|will) you (?:please )?|please |go ahead and "
_CONTACT = frozenset({"call", "text", "email"})


def is_attack(reading: Reading) -> bool:
    """Whether the text tries to bend the rules, to see them, or to carry data off in bulk."""
    return reading.first_of(_ATTACKS) is not None


def is_sql(reading: Reading) -> bool:
    """Whether the text dictates a statement to run."""
    return reading.first_of(_SQL) is not None


def wanted_change(reading: Reading) -> str:
    """The verb of a request to change something, or nothing."""
    said = reading.spoken.words
    for verb in changes.WRITE_VERBS:
        if verb not in said:
            continue
        if verb in _CONTACT:
            phrase = f"(?:{_CONTACT_START}){verb} (?:{changes.NEEDS_OBJECT[verb]})"
        elif verb in changes.NEEDS_OBJECT:
            phrase = f"(?:{_START}|{_ASKED}){verb}(?: [^ .]+)??(?: [^ .]+)?? (?:{changes.NEEDS_OBJECT[verb]})"
        else:
            phrase = f"(?:{_START}|{_ASKED}){verb}"
        if reading.has(phrase):
            return verb
    return "" if reading.first_of(_NOUN_REQUESTS) is None else "refund"


def claims_role(reading: Reading) -> bool:
    """Whether the rep claims rights by who they say they are."""
    return reading.first_of(_ROLE_CLAIMS) is not None


def small_talk(reading: Reading) -> str:
    """``who``, ``help``, ``greeting``, ``thanks`` or nothing."""
    place = reading.first_of(_SMALL_TALK)
    return "" if place is None else _SMALL_TALK_KINDS[place]


def is_off_topic(reading: Reading) -> bool:
    """Whether the text is about something no system of the desk knows."""
    return reading.first_of(_OFF_TOPIC) is not None
