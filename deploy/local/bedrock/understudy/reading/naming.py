"""Tells common words that may name a thing from those that only talk, by where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.reading.common_words import common_words
from deploy.local.bedrock.understudy.reading.marks import Mark

_DETERMINERS = frozenset(
    "the a an any some our my your his her their this that these those its no another each every"
    " which what of for about on with more many".split()
)
_BEFORE_VERB = frozenset(
    "i you he she it we they who to not do does did can could would should will shall may might"
    " must please never always just really already also us me him them let everybody nobody"
    " somebody someone everyone anyone is are was were be been am get gets got so very too as"
    " customer caller user guy lady man woman person being".split()
)
_AFTER_VERB = frozenset(
    "the a an me him her them us it this these those my our his their its to you your".split()
)
_TITLES = frozenset("mr mrs ms miss dr sir".split())
_CALLING = frozenset({"called", "named"})
_CALLED = frozenset(
    "is customer product item article somebody someone something anything anybody anyone user"
    " person guy lady man woman thing one people customers products".split()
)
_NAMED_BY = frozenset("name username login user handle".split())
_BEFORE_NAME = (
    frozenset(
        "of for from by to with about customer caller user and or , no not the a an is".split()
    )
    | _TITLES
    | _CALLING
    | _NAMED_BY
)
_AFTER_NAME = frozenset("here says said rings rang wants asks called bought ordered".split())
_VERB_ENDINGS = ("ly", "ed", "ing", "n't")
# ``Show me chairs``: what is to be shown stands there.
_SHOWING, _RECEIVERS = frozenset("show give list find get".split()), frozenset({"me", "us"})
_QUESTION = frozenset("is are was were do does did".split())


def settled(marks: Sequence[Mark]) -> list[Mark]:
    """The marks, with every common word known or doubtful unless it stands where names do."""
    shouted = _shouted(marks)
    found = list(marks)
    for at, mark in enumerate(found):
        if mark.kind == "word" and not mark.known:
            found[at] = _settled(found, at, shouted=shouted)
    return found


def _is_loose(marks: Sequence[Mark], at: int) -> bool:
    """Whether nothing says that an unknown word in lower case is a name."""
    token, before, after = marks[at].token, _words_at(marks, at - 1), _words_at(marks, at + 1)
    plain = token.text.islower() and not token.owner and not any(c.isdigit() for c in token.text)
    return plain and before not in _BEFORE_NAME and after not in _AFTER_NAME


def _shouted(marks: Sequence[Mark]) -> bool:
    """Whether capitals say nothing: nearly every word of the text has one."""
    words = [mark.token.text for mark in marks if mark.kind == "word" and len(mark.token.text) > 2]
    return len(words) > 3 and sum(word[0].isupper() for word in words) > 0.8 * len(words)


def _settled(marks: Sequence[Mark], at: int, *, shouted: bool) -> Mark:
    mark = marks[at]
    single = len(mark.words) == 1 and mark.token.text.islower()
    if single and not _names_follow(marks, at):
        return Mark(mark.token, mark.words, known=True)
    if _says_to_do(marks, at):
        return Mark(mark.token, mark.words, known=True)
    if mark.words not in common_words():
        return replace(mark, loose=_is_loose(marks, at))
    if _is_named(marks, at, shouted=shouted):
        return mark
    talks = _only_talks(marks, at)
    return Mark(mark.token, mark.words, known=talks, doubtful=not talks)


def _names_follow(marks: Sequence[Mark], at: int) -> bool:
    """Whether an initial stands before a name."""
    after = marks[at + 1 : at + 2]
    return bool(after) and not after[0].known and after[0].words not in common_words()


def _says_to_do(marks: Sequence[Mark], at: int) -> bool:
    """``to … him``: whatever stands between is something to do."""
    before, after = _words_at(marks, at - 1), _words_at(marks, at + 1)
    lower = marks[at].token.text.islower()
    return lower and before == "to" and after in _AFTER_VERB - {"a", "an", "to"}


def _words_at(marks: Sequence[Mark], at: int) -> str:
    """The last word there; nothing beyond the ends of the sentence."""
    if not 0 <= at < len(marks) or marks[at].kind == "break":
        return ""
    return marks[at].words.split()[-1]


def _is_named(marks: Sequence[Mark], at: int, *, shouted: bool) -> bool:
    """Whether a common word stands where only names do, or is written as names are."""
    before, earlier = _words_at(marks, at - 1), _words_at(marks, at - 2)
    if before in _TITLES or (before in _CALLING and earlier in _CALLED):
        return True
    if before in _NAMED_BY - {"name"} or (before == "is" and earlier in _NAMED_BY):
        return True
    if shouted or not marks[at].token.is_name_like:
        return False
    following = marks[at + 1] if at + 1 < len(marks) else None
    beside = following is not None and following.kind == "word" and following.token.is_name_like
    return bool(before) or bool(beside and following and not following.known)


def _only_talks(marks: Sequence[Mark], at: int) -> bool:
    """Whether a common word is no noun that may name a product."""
    word, before, after = marks[at].words, _words_at(marks, at - 1), _words_at(marks, at + 1)
    if before in _DETERMINERS or (at and marks[at - 1].doubtful):
        return False
    if before in _BEFORE_VERB:
        earlier = _words_at(marks, at - 2)
        opens = before in _QUESTION and not earlier
        return not opens and not (before in _RECEIVERS and earlier in _SHOWING)
    if at and marks[at - 1].kind == "number":
        return word.endswith("min")
    if word.endswith(_VERB_ENDINGS) or after in _AFTER_VERB:
        return True
    return not before and _names_follow(marks, at)
