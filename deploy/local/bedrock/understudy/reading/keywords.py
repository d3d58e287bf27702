"""Every word of the tables of phrases: what is no name, and what a mistyped word may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deploy.local.bedrock.understudy.reading import calendar_days, changes, groups, talk
from deploy.local.bedrock.understudy.reading.declined_requests import STEAM
from deploy.local.bedrock.understudy.reading.plain_words import PLAIN, SHORT_FORMS
from deploy.local.bedrock.understudy.reading.unrecorded import UNRECORDED
from deploy.local.bedrock.understudy.reading.wants import WANTS

_WORD = re.compile(r"(?<![\\<\w])([a-z]{2,}?)(s\?)?(?![\w>\\])")


def _words(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        for match in _WORD.finditer(phrase):
            yield match[1]
            if match[2]:
                yield match[1] + "s"


_FACTS = frozenset(_words(phrase for want in WANTS for phrase in want.phrases))
_GROUPS = frozenset(
    word
    for table in (groups.STATUSES, groups.FOREIGN_STATUSES, groups.STARS, groups.PICKS)
    for phrase in table
    for word in phrase.split()
)
_MONTHS = frozenset(name for name in calendar_days.MONTHS if len(name) > 3)
_TALK = frozenset(
    _words(
        (
            *changes.WRITE_VERBS, *changes.NOUN_REQUESTS, *talk.WHO_ARE_YOU, *talk.HELP,
            *talk.GREETINGS, *talk.THANKS, *talk.ROLE_CLAIMS,
            *(phrase for kind in UNRECORDED for phrase in kind.phrases),
        )
    )
)  # fmt: skip
_SHORT = frozenset(word for written in SHORT_FORMS.values() for word in written.split())

# A mistyped word is taken for one of these. Words of small talk and of declined requests are not
# among them: nobody's name is to become "cancel".
FACT_WORDS: frozenset[str] = (_FACTS | _GROUPS | frozenset(groups.TIERS)) - PLAIN
KEYWORDS: frozenset[str] = frozenset(
    word for word in (_FACTS | _GROUPS | _MONTHS | frozenset(groups.TIERS)) - PLAIN if len(word) > 4
)
KNOWN: frozenset[str] = (
    PLAIN
    | _FACTS
    | _GROUPS
    | _TALK
    | STEAM
    | _SHORT
    | frozenset(SHORT_FORMS)
    | frozenset(calendar_days.MONTHS)
    | frozenset(calendar_days.WEEKDAYS)
    | frozenset(groups.TIERS)
    | frozenset(groups.NUMBER_WORDS)
    | frozenset(groups.ORDINALS)
    | frozenset(groups.CHANNELS)
    | frozenset(groups.PRONOUNS)
)
