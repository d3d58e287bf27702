"""Recognises what is not answered from data: attacks, requests to change something, small talk."""

from __future__ import annotations

from functools import cache

from deploy.local.bedrock.understudy.reading import (
    changes,
    cues,
    declined_requests,
    foreign_words,
    talk,
)
from deploy.local.bedrock.understudy.reading.common_words import common_words
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading

_ATTACKS = PhraseBook(talk.ATTACKS)
_SQL = PhraseBook(talk.SQL)
NOUN_REQUESTS = PhraseBook(changes.NOUN_REQUESTS)
_ROLE_CLAIMS = PhraseBook(talk.ROLE_CLAIMS)
_OFF_TOPIC = PhraseBook(talk.OFF_TOPIC)
_KINDS = (
    ("rude", declined_requests.RUDE),
    ("who", talk.WHO_ARE_YOU),
    ("help", talk.HELP),
    ("greeting", talk.GREETINGS),
    ("thanks", talk.THANKS),
)
_SMALL_TALK = PhraseBook(phrase for _, phrases in _KINDS for phrase in phrases)
_SMALL_TALK_KINDS = tuple(name for name, phrases in _KINDS for _ in phrases)
CONTACT = frozenset({"call", "text", "email"})


def is_attack(reading: Reading) -> bool:
    """Whether the text tries to bend the rules, to see them, or to carry data off in bulk."""
    return reading.first_of(_ATTACKS) is not None


def is_sql(reading: Reading) -> bool:
    """Whether the text dictates a statement to run."""
    return reading.first_of(_SQL) is not None


@cache
def request(verb: str) -> str:
    """The phrase that asks for what the verb says."""
    objects = changes.NEEDS_OBJECT.get(verb)
    if verb == "update":
        told = "(?! ((me|us) )?(on|about|with|regarding) )"
        return f"{cues.REQUEST}update{told}( [^ .]+)??( [^ .]+)?? ({objects})"
    if verb in CONTACT:
        return f"{cues.CONTACT_REQUEST}{verb} ({objects})"
    if objects:
        return f"{cues.REQUEST}{verb}( [^ .]+)??( [^ .]+)?? ({objects})"
    return f"{cues.REQUEST}{verb}"


def is_foreign(reading: Reading) -> bool:
    """Whether the text is in another language: by its small words, or by its letters."""
    said = [mark.token.value for mark in reading.marks if mark.kind == "word"]
    small = {word for word in said if word in foreign_words.FOREIGN}
    if len(small) >= foreign_words.FEW_FOREIGN and len(small) >= len(said) / 4:
        return sum(word in common_words() for word in said) <= len(said) / 2
    lower = [mark.token.text for mark in reading.marks if mark.token.text.islower()]
    return (
        sum(word[0].isalpha() and word > _LATIN_END for word in lower) >= foreign_words.FEW_FOREIGN
    )


# Letters beyond these are of another script: Greek, Cyrillic, Arabic, Chinese …
_LATIN_END = "ɏ"


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
