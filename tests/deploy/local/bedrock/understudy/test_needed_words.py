"""A text is spared the search for a phrase only when the phrase cannot stand in it."""

from __future__ import annotations

import pytest

from deploy.local.bedrock.understudy.reading.needed_words import needed_words
from deploy.local.bedrock.understudy.reading.phrases import compiled, may_stand_in
from deploy.local.bedrock.understudy.reading.reading import read
from deploy.local.bedrock.understudy.reading.wants import WANTS
from tests.deploy.local.bedrock.understudy.cases import read_cases
from tests.deploy.local.bedrock.understudy.fake_desk import TODAY


@pytest.mark.parametrize(
    ("phrase", "needed"),
    [
        ("tiers?", [[{"tier", "tiers"}]]),
        ("(which|what)( one| order)? is", [[{"which", "what"}, {"is"}]]),
        ("(the )?other( one)?|not (him|her)", [[{"other"}], [{"not"}, {"him", "her"}]]),
        ("(home|full)? ?address", [[]]),
        ("restock\\w*", [[]]),
        ("call ?back now", [[{"now"}]]),
        ("(when|where)~arrives?", [[{"when", "where"}, {"arrive", "arrives"}]]),
        ("phone(?= warrant)", [[{"phone"}]]),
        ("(?<!no )(sell|sold)(ing)?", [[]]),
        ("(^|\\. )((ok|so) )*how( many){0,2}", [[{"how"}]]),
    ],
)
def test_the_words_that_a_phrase_cannot_do_without(phrase: str, needed: list[object]) -> None:
    """What may be left out, and what may be part of a longer word, is not needed."""
    assert [[set(words) for words in way] for way in needed_words(phrase)] == needed


def test_no_phrase_that_stands_in_a_text_is_passed_over() -> None:
    """Every phrase of the wanted facts, against what reps say in the cases."""
    lines = [read(turn, TODAY).spoken for case in read_cases()[::5] for turn in case.turns]
    for phrase in (phrase for want in WANTS for phrase in want.phrases):
        spared = [line.text for line in lines if not may_stand_in(phrase, line.words)]
        assert not [text for text in spared if compiled(phrase).search(text)]
