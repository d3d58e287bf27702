"""Finds what of a text is declined, changes and advice, and the questions that stand beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from deploy.local.bedrock.understudy.asking import declining
from deploy.local.bedrock.understudy.asking.asks import Subject
from deploy.local.bedrock.understudy.asking.borrowing import PEOPLE
from deploy.local.bedrock.understudy.asking.segments import (
    Segment,
    WantedAt,
    build,
    find_wants,
    split,
)
from deploy.local.bedrock.understudy.asking.subjects import find_subjects
from deploy.local.bedrock.understudy.reading import changes, declined_requests
from deploy.local.bedrock.understudy.reading.phrases import PhraseBook
from deploy.local.bedrock.understudy.reading.reading import Reading
from deploy.local.bedrock.understudy.reading.unrecorded import UNRECORDED_BOOK

_BOOKS = {
    "legal": PhraseBook(declined_requests.LEGAL),
    "advice": PhraseBook(declined_requests.ADVICE),
    "discount": PhraseBook(declined_requests.DISCOUNT),
}
_JOINTS = frozenset({"and", "also", "plus", "then", "but", ",", "so"})
_FILLERS = frozenset("and also plus then but , so please first ok just now by the way well".split())
_ASKING = (
    "(what|which|who|whose|whom|when|where|why|how|is|are|was|were|does|did|do|has|have)(?! not )"
    "|(can|could|would|will) (you|u) (please |also |just )?(tell|show|read|check|see|look|find|say)"
    "|(tell|show|read|give|remind) (me|us)|let (me|us) know|read (back|out)|check|list|find|look"
    "|i (also )?(need|want) to (know|see)|should|price|status|tier"
)
_OBJECT = (
    "him|her|them|it|his|their|the|this|that|these|those|my|our|all|both|<order>|<customer>"
    "|<review>|<serial>|<product>|<name>"
)
_JOINED = "(,|and|then|so|or|please|but)( please| just| kindly| also| now| then)?"
_SURELY_IT = "it|that|this|him|them|<order>|<review>|the order|his order|her order|their order"
_NOT_BEFORE = "".join(
    f"(?<!{word} )"
    for word in "he she it they we you i did does do to could can would caller customer".split()
)
_VALUE = frozenset("to as with into saying that , reading like".split())
_OLD_ONE = (
    "(old|current|present|existing|previous|recorded) (one|value|version|entry)|before (that|this)"
    "|(what|how) (it|that|this) (is|was|says|reads|looks)|what is (there|it|on file)( now)?"
    "|(it|that) (is|was) (now|right now|at the moment|currently|so far|before)|what we have( now)?"
    "|as it (is|was|stands)"
)
_STATES = (
    "^(and |but |so )?(<name>( <name>){0,2}|<customer>|he|she|they|(the|this) (customer|caller))"
    "( [^ .]+)? (gave|rated|wrote|bought|ordered|had|wants|wanted|says|said|complained|returned"
    "|waited|broke|moved|has (been|moved|waited|paid|bought|ordered|complained|returned|had))"
)
_WH = "what|which|who|whose|when|where|why|how"
_WEAK = frozenset({"about", "identity", "know", "customers"})


@dataclass(frozen=True, slots=True)
class Requests:
    """What a text asks for and is declined, and what it asks beside.

    ``lent`` are the things that the declined parts, and those that ask nothing, speak of.
    """

    kinds: tuple[str, ...] = ()
    verb: str = ""
    rest: Reading | None = None
    asked: tuple[Segment, ...] = ()
    lent: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clause:
    kind: str
    verb: str
    first: int
    last: int


def find_requests(reading: Reading) -> Requests:
    """The declined parts of a text and the questions beside them."""
    clauses = list(_clauses(reading))
    if not clauses:
        return Requests()
    rest = reading
    lent: list[Subject] = []
    wanted: list[WantedAt] = []
    for clause in reversed(clauses):
        said = reading.slice(clause.first, clause.last + 1)
        lent[:0] = _lent_by(said, clause)
        wanted[:0] = find_wants(said.slice(0, _end_of_object(said, clause)))
        rest = rest.without(clause.first, clause.last)
    asked: list[Segment] = []
    for segment in split(rest):
        segment = _with_old_value(segment, wanted)
        if _asks(segment):
            asked.append(segment)
        else:
            lent.extend(segment.subjects)
    verbs = [clause.verb for clause in clauses if clause.verb]
    return Requests(
        kinds=tuple(dict.fromkeys(clause.kind for clause in clauses)),
        verb=verbs[0] if verbs else "",
        rest=rest,
        asked=tuple(_with_lent(segment, lent) for segment in asked),
        lent=tuple(lent),
    )


def _asks(segment: Segment) -> bool:
    """Whether a part beside a request is a question of its own."""
    if segment.reading.has(_STATES) and not segment.reading.has(_WH):
        return False
    if any(one.want.name not in _WEAK for one in segment.wants):
        return True
    if segment.reading.first_of(UNRECORDED_BOOK) is not None and segment.reading.has(_ASKING):
        return True
    if segment.subjects and (segment.wants or segment.yes_no):
        return segment.reading.has(f"^({_ASKING})") or segment.yes_no
    return segment.yes_no and segment.filters.narrows()


def _with_lent(segment: Segment, lent: Sequence[Subject]) -> Segment:
    """A question that names nothing is one about what the request was about."""
    kinds = {kind for one in segment.wants for kind in one.want.of}
    if segment.subjects or not kinds:
        return segment
    fitting = [s for s in lent if s.kind in kinds] or [s for s in lent if s.kind == "name"]
    if not fitting and "customer" in kinds:
        hanging = [s for s in lent if s.kind in ("order", "review", "serial")]
        fitting = [replace(s, kind="customer", by=s.kind) for s in hanging]
    meant = fitting[:1] if segment.pronouns & PEOPLE else fitting[-1:]
    return replace(segment, subjects=[replace(s, first=-1, last=-1) for s in meant])


def _with_old_value(segment: Segment, wanted: Sequence[WantedAt]) -> Segment:
    """``And read me the old one first``: of that which is to be changed."""
    strong = [one for one in segment.wants if one.want.name not in _WEAK]
    if strong or not wanted or not segment.reading.has(_OLD_ONE):
        return segment
    return replace(segment, wants=[replace(one, first=0, last=-1) for one in wanted])


def _clauses(reading: Reading) -> Iterator[_Clause]:
    """The declined parts, in order, none of them within another."""
    end = -1
    for start, stop in _sentences(reading):
        sentence = reading.slice(start, stop)
        at = 0
        while at < stop - start and (found := _first_of(sentence.slice(at, stop - start))):
            yield replace(found, first=start + at + found.first, last=start + at + found.last)
            end = at + found.last
            at = end + 1


def _sentences(reading: Reading) -> Iterator[tuple[int, int]]:
    start = 0
    for at, mark in enumerate(reading.marks):
        if mark.kind == "break":
            if at > start:
                yield start, at
            start = at + 1
    if start < len(reading.marks):
        yield start, len(reading.marks)


def _first_of(sentence: Reading) -> _Clause | None:
    """The first declined part of a sentence, from where it begins to the next question."""
    found = list(_places(sentence))
    if not found:
        return None
    kind, verb, first, last = min(found, key=lambda one: one[2])
    begin = 0 if kind == "legal" else _beginning(sentence, first)
    return _Clause(kind, verb, begin, _ending(sentence, last))


def _places(sentence: Reading) -> Iterator[tuple[str, str, int, int]]:
    for kind, book in _BOOKS.items():
        for _, first, last in sentence.places(book):
            yield kind, "", first, last
    for verb in changes.WRITE_VERBS:
        if verb in sentence.spoken.words:
            for phrase in _phrases(verb):
                for first, last in sentence.find(phrase):
                    yield "change", verb, _place_of(verb, sentence, first, last), last
    for _, first, last in sentence.places(declining.NOUN_REQUESTS):
        yield "change", "refund", first, last


def _place_of(verb: str, sentence: Reading, first: int, last: int) -> int:
    """Where the verb of a request stands in the words that make it one."""
    places = (at for at in range(last, first, -1) if sentence.marks[at].words == verb)
    return next(places, first)


@cache
def _phrases(verb: str) -> tuple[str, ...]:
    """How a change is asked for: as a request, after a comma or a word that joins, after ``if``."""
    objects = changes.NEEDS_OBJECT.get(verb)
    after = f"( [^ .]+)??( [^ .]+)?? ({objects})" if objects else f" ({_OBJECT})"
    joined = rf"{_JOINED} {verb}{after}"
    surely = f"if( [^ .]+){{1,9}} {_NOT_BEFORE}{verb} ({_SURELY_IT})"
    if verb in declining.CONTACT:
        return (declining.request(verb),)
    return (declining.request(verb), joined, surely)


def _beginning(sentence: Reading, first: int) -> int:
    """Where the part begins: after the joint before it, or with the ``if`` that it hangs on."""
    words = [mark.words for mark in sentence.marks]
    for at in range(first, -1, -1):
        if words[at] == "if" and not find_wants(sentence.slice(0, at)):
            return 0
        if at < first and words[at] in _JOINTS:
            return _condition(sentence, at, at + 1)
    return _condition(sentence, first, 0)


def _condition(sentence: Reading, at: int, otherwise: int) -> int:
    """Where the ``if`` stands that what comes after it hangs on."""
    ifs = [n for n, mark in enumerate(sentence.marks[: at + 1]) if mark.words == "if"]
    return ifs[-1] if ifs else otherwise


def _ending(sentence: Reading, last: int) -> int:
    """The end of the part: where a question begins after a joint, or with the sentence."""
    marks = sentence.marks
    for at in range(last + 1, len(marks)):
        if marks[at].words not in _JOINTS:
            continue
        following = at
        while following < len(marks) and marks[following].words in _FILLERS:
            following += 1
        if sentence.slice(following, len(marks)).has(f"^({_ASKING})"):
            return at - 1
    return len(marks) - 1


def _end_of_object(said: Reading, clause: _Clause) -> int:
    """Where what is to be changed ends and the new value begins."""
    words = [mark.words for mark in said.marks]
    verb = words.index(clause.verb) if clause.verb in words else 0
    for at in range(verb + 1, len(words)):
        if words[at] in _VALUE or said.marks[at].kind == "quoted":
            return at
    return len(words)


def _lent_by(said: Reading, clause: _Clause) -> list[Subject]:
    """What a declined part speaks of; the words of a new value are no names."""
    if clause.kind != "change":
        return find_subjects(said)
    end = _end_of_object(said, clause)
    return [
        subject
        for subject in build(said).subjects
        if subject.first < end or (subject.by == "id" and subject.kind != "serial")
    ]
