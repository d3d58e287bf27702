"""Finds what a text speaks of: ids, e-mails, phones, serials and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Subject
from deploy.local.bedrock.understudy.reading import groups
from deploy.local.bedrock.understudy.reading.keywords import FACT_WORDS
from deploy.local.bedrock.understudy.reading.marks import Mark
from deploy.local.bedrock.understudy.reading.reading import Reading

_PEOPLE_AFTER = frozenset(
    {
        "have",
        "has",
        "spent",
        "live",
        "lives",
        "prefer",
        "prefers",
        "order",
        "ordered",
        "bought",
        "buy",
        "own",
        "owns",
        "placed",
        "write",
        "wrote",
        "say",
        "said",
        "registered",
    }
)
# Nothing but a person does this.
_SPEAKING = frozenset(
    "says said claims claimed thinks thought insists insisted told tells rang phoned calling here"
    " asks asked complains complained swears reckons believes wants mentioned insisting".split()
)
_ARTICLES = frozenset({"our", "product", "products", "item", "article", "items"})
_BEFORE_A_CUSTOMER = frozenset("customer user username mr mrs ms miss caller named login".split())
_POSSESSIVES = frozenset({"his", "her", "their"})
_OF_PEOPLE = frozenset(
    "account accounts family customer customers caller order orders one ones profile guy lady user"
    " case cases has have who called category categories".split()
)
_LONGEST_NAME = 6


def find_subjects(reading: Reading) -> list[Subject]:
    """Everything named in the reading, in order."""
    found = sorted((*_shaped(reading), *_names(reading)), key=lambda subject: subject.first)
    return [one for one in found if not any(_names_too(one, other) for other in found)]


def _names_too(name: Subject, other: Subject) -> bool:
    """Whether a name only repeats in words the id, e-mail or number that stands beside it."""
    if name.by != "name" or other.by not in ("id", "email", "phone"):
        return False
    beside = other.first == name.last + 1 or name.first == other.last + 1
    return beside and other.kind in ("customer", "product") and name.kind in ("name", other.kind)


def _shaped(reading: Reading) -> Iterator[Subject]:
    for at, mark in enumerate(reading.marks):
        kind, said = mark.kind, mark.token.text
        if kind == "serial" or (kind in ("number", "phone") and _after_serial(reading.marks, at)):
            yield Subject("serial", "id", mark.token.value, said, "", at, at)
        elif kind == "number" and (of := _numbered(reading, at)) and said.isdigit():
            yield Subject(of, "id", str(int(said)), said, "", at, at)
        elif kind in _OF_SHAPE:
            of, by = _OF_SHAPE[kind]
            value = said if kind in _AS_SAID else mark.token.value
            values = value.split(",") if by == "id" else [value]
            after = "," if kind == "fullname" and "," in said else ""
            after = _is_user_name(reading.marks, at) if kind == "login" else after
            yield from (Subject(of, by, value, said, "", at, at, after) for value in values)


# The kind of thing that each shape stands for, and by what it is found.
_OF_SHAPE: dict[str, tuple[str, str]] = {
    "order": ("order", "id"), "hash": ("order", "id"), "badorder": ("order", "malformed"),
    "customer": ("customer", "id"), "review": ("review", "id"), "product": ("product", "id"),
    "email": ("customer", "email"), "phone": ("customer", "phone"),
    "badcustomer": ("customer", "malformed"), "bademail": ("customer", "malformed"),
    "login": ("customer", "name"), "quoted": ("name", "name"), "fullname": ("name", "name"),
}  # fmt: skip
_AS_SAID = frozenset({"phone", "login", "badorder", "badcustomer", "bademail"})


def _numbered(reading: Reading, at: int) -> str:
    """What a number after ``number`` or ``no`` counts off: ``which order is number 7``."""
    before = [mark.words for mark in reading.marks[:at]]
    if before[-1:] not in (["number"], ["no"], ["nr"]):
        return ""
    named = [word for word in before if word in _NUMBERED]
    return _NUMBERED[named[-1]] if named else ""


_NUMBERED = {"order": "order", "orders": "order", "product": "product", "item": "product"}


def _after_serial(marks: Sequence[Mark], at: int) -> bool:
    before = [mark.words for mark in marks[max(0, at - 3) : at]]
    return "serial" in before


def _names(reading: Reading) -> Iterator[Subject]:
    marks = reading.marks
    at = 0
    while at < len(marks):
        proper = _is_proper_name(marks, at)
        if not proper and not _may_begin(marks, at):
            at += 1
            continue
        last = at
        while last + 1 < len(marks) and _continues(reading, last) and last - at < _LONGEST_NAME - 1:
            last += 1
        if proper or any(not mark.known for mark in marks[at : last + 1]):
            name = _name(reading, at, last)
            said = marks[at : last + 1]
            yield replace(
                name,
                doubtful=all(mark.doubtful for mark in said),
                loose=all(mark.doubtful or mark.loose for mark in said),
            )
        at = last + 1


def _may_begin(marks: Sequence[Mark], at: int) -> bool:
    mark = marks[at]
    if mark.kind != "word":
        return False
    if not mark.known:
        return True
    following = marks[at + 1] if at + 1 < len(marks) else None
    inside = at > 0 and marks[at - 1].kind != "break"
    return bool(
        inside and _capital(mark) and not mark.token.owner
        and following and following.kind == "word" and _capital(following) and not following.known
    )  # fmt: skip


def _is_proper_name(marks: Sequence[Mark], at: int) -> bool:
    """Whether two everyday words with capitals, in a text that is not all capitals, are a name."""
    pair = marks[at : at + 2]
    if len(pair) < 2 or at == 0 or marks[at - 1].kind == "break":
        return False
    if not all(m.kind == "word" and m.token.text.istitle() and _may_be_name(m) for m in pair):
        return False
    others = [mark for mark in marks if mark.kind == "word" and mark not in pair]
    return not pair[0].token.owner and sum(m.token.text.islower() for m in others) >= len(pair)


def _may_be_name(mark: Mark) -> bool:
    return mark.words not in FACT_WORDS and mark.words not in _NEVER


def _continues(reading: Reading, last: int) -> bool:
    here, following = reading.marks[last], reading.marks[last + 1]
    if here.token.owner:
        return False
    between = reading.text[here.token.end : following.token.start]
    if between.strip() not in ("", "-", "."):
        return False
    if following.kind == "word":
        if following.doubtful and not here.doubtful and _ends_before_doubt(reading, last):
            return False
        return not following.known or (
            _capital(here) and _capital(following) and following.words not in _NEVER
        )
    after = reading.marks[last + 2].words if last + 2 < len(reading.marks) else "."
    plain = following.kind == "number" and following.token.text.isdigit()
    plain = plain and not reading.text.startswith("%", following.token.end)
    if plain and len(following.token.text) <= _LONGEST_MODEL and after not in _UNITS:
        return True
    return plain and _capital(here) and after in (".", "<period>", ",", "in", "and", "or")


# ``Lantern 194`` is a model; ``Lantern 2 units`` is not.
_LONGEST_MODEL = 3
_UNITS = frozenset(
    "units unit pieces items star stars order orders review reviews day days week weeks month"
    " months year years usd dollars times percent case cases purchases of out % customers to"
    " products".split()
)


def _ends_before_doubt(reading: Reading, last: int) -> bool:
    """Whether a name is over where a common word follows: ``Alice Brown rings``."""
    marks = reading.marks
    before = marks[last - 1] if last else None
    two = before is not None and before.kind == "word" and not (before.known or before.doubtful)
    return two or _capital(marks[last])


_NEVER = frozenset({"i", "aurora", "email", "phone", *groups.TIERS, *groups.STATUSES})


def _capital(mark: Mark) -> bool:
    return mark.token.is_name_like


def _is_user_name(marks: Sequence[Mark], first: int) -> str:
    """What stands before a name says that it is a user name, which is spelt as it is."""
    before = [mark.words for mark in marks[max(0, first - 2) : first]]
    if before[-1:] == ["is"]:
        before.pop()
    return "username" if before[-1:] and before[-1] in _LOGINS else ""


_LOGINS = frozenset({"username", "login", "user name", "user"})


def _numbers_an_order(reading: Reading, first: int, last: int) -> bool:
    """Whether a word stands where an order's number does: ``order no abc``, ``order x12``."""
    marks = reading.marks
    words = [mark.words for mark in marks[max(0, first - 2) : first]]
    said = marks[first].token.text
    if first != last or not words:
        return False
    if words in (["order", "number"], ["order", "no"], ["order", "id"], ["order", "nr"]):
        return not marks[first].known
    between = reading.text[marks[first - 1].token.end : marks[first].token.start]
    return words[-1] == "order" and ("#" in between or any(c.isdigit() for c in said))


def _is_by_somebody(reading: Reading, first: int) -> bool:
    """``A purchase by anna``: whoever bought or wrote something is a person."""
    before = [mark.words for mark in reading.marks[max(0, first - 12) : first]]
    done = frozenset("purchase order orders review reviews written placed <order> <review>".split())
    return before[-1:] == ["by"] and bool(done & set(before))


def _name(reading: Reading, first: int, last: int) -> Subject:
    marks = reading.marks
    end = marks[last].token
    said = reading.text[marks[first].token.start : end.end]
    if end.owner:
        said = said[: -1 if said[-1] in "'’`´ʼ" else -2]
    before = marks[first - 1].words if first else ""
    after = marks[last + 1].words if last + 1 < len(marks) else ""
    kind = "name"
    if (
        before in ("serial", "number")
        and _after_serial(marks, first)
        and any(c.isdigit() for c in said)
    ):
        return Subject("serial", "id", said.upper(), said, "", first, last)
    coded = any(c.isdigit() for c in said) and any(c.isalpha() for c in said) and first == last
    if coded and len(said) >= 5 and reading.has("warranty|warranties|serial|covered|coverage"):
        return Subject("serial", "id", said.upper(), said, "", first, last)
    if _numbers_an_order(reading, first, last):
        return Subject("order", "malformed", said, said, "", first, last)
    if before == "order" and first == last:
        return Subject(kind, "name", said, said, "", first, last, after=before)
    thing = before == "the" and after not in _OF_PEOPLE and not end.owner
    if before in _ARTICLES or before in _POSSESSIVES or thing:
        kind = "product"
    elif before in _BEFORE_A_CUSTOMER:
        kind = "customer"
    elif after in _SPEAKING or (kind == "name" and _is_by_somebody(reading, first)):
        kind = "customer"
    elif after in _PEOPLE_AFTER and before in ("did", "does", "has", "have"):
        kind = "customer"
    return Subject(kind, "name", said, said, "", first, last, after=_is_user_name(marks, first))
