"""Ties each wanted fact to what it is wanted of: named with it, near by, or in earlier turns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking import passed_over
from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Subject
from deploy.local.bedrock.understudy.asking.borrowing import (
    HANGS_ON,
    OF_MANY,
    borrowed,
    customer_of,
    nameable,
    owner_of,
    the_order,
)
from deploy.local.bedrock.understudy.asking.claims import claims_something
from deploy.local.bedrock.understudy.asking.doubts import sure_alone
from deploy.local.bedrock.understudy.asking.everybody import (
    about_many,
    holder_and_thing,
    owner_first,
    somebody_known,
    unlistable,
)
from deploy.local.bedrock.understudy.asking.many import may_be_group, writers
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.asking.several import several
from deploy.local.bedrock.understudy.asking.told_already import told_by_end, told_with_orders
from deploy.local.bedrock.understudy.asking.verdicts import supported, tier_alone
from deploy.local.bedrock.understudy.reading.wants import Want

DEFAULT_WANTS = {
    "customer": "identity", "product": "product", "order": "order", "review": "review",
    "serial": "warranties", "name": "about",
}  # fmt: skip
_MANY_THINGS = "all|list|every|which"
_OF_A_CATEGORY = frozenset({"superlative_product", "superlative_stock", "product_count"})
_THINGS = frozenset({"name", "product"})
# The same is said of them whoever is meant.
_OF_ANYBODY = frozenset({"birth"})
_WEAK = frozenset({"about", "identity", "products", "status", "category", "description", "listed"})


@dataclass(frozen=True, slots=True)
class Attached:
    """A want with its subjects; ``missing`` names the kind of subject that nobody named."""

    ask: Ask
    missing: str = ""


def attach(
    segments: Sequence[Segment], context: Context, silent: Container[int] = ()
) -> list[Attached]:
    """An ask for every want of every segment; ``silent`` ones only lend their subjects."""
    found: list[Attached] = []
    used = {id(s) for at, segment in enumerate(segments) if at in silent for s in segment.subjects}
    for at, segment in enumerate(segments):
        if at in silent:
            continue
        if said := unlistable(segment, known=somebody_known(segments, context)):
            found.append(Attached(Ask("unrecorded", note=said)))
            used.update(id(subject) for subject in segment.subjects)
            continue
        for wanted in _each_once(segment.wants):
            one = _with_way_out(segments, at, wanted, context, used)
            asks = several(one.ask, segment.reading)
            found.extend(replace(one, ask=ask) for ask in asks)
        found.extend(map(Attached, passed_over.left_over(segment, used)))
        found.extend(map(Attached, passed_over.unsure(segment)))
    for at, segment in enumerate(segments):
        if not segment.wants and at not in silent:
            beside = any(other.wants for other in segments)
            found.extend(_subjects_alone(segment, context, used, beside=beside))
    return found


def _with_way_out(
    segments: Sequence[Segment], at: int, wanted: WantedAt, context: Context, used: set[int]
) -> Attached:
    """The ask of a want and, if a common word may be its subject, what it means without that."""
    one = _attach_one(segments, at, wanted, context, used)
    if not any(subject.loose for subject in one.ask.subjects):
        return one
    sure = [sure_alone(segment, one.ask.subjects) for segment in segments]
    other = _attach_one(sure, at, wanted, context, used)
    said = {s.value for segment in sure for s in segment.subjects}
    meant = all(s.value in said or segments[at].pronouns for s in other.ask.subjects)
    if other.missing or not other.ask.subjects or not meant:
        return one
    return replace(one, ask=replace(one.ask, otherwise=(other.ask,)))


def _each_once(wants: Sequence[WantedAt]) -> list[WantedAt]:
    """The wants without those that only say the same again."""
    return list({wanted.want.name: wanted for wanted in reversed(wants)}.values())[::-1]


def missing_of(found: Sequence[Attached]) -> Iterator[Ask]:
    """What is asked back about facts of nobody, when other facts can be told."""
    kinds = [one.missing for one in found if one.missing and one.ask.want not in _WEAK]
    if kinds and any(not one.missing for one in found):
        yield Ask("missing", note=kinds[0])


def _subjects_alone(
    segment: Segment, context: Context, used: set[int], *, beside: bool
) -> Iterator[Attached]:
    filters = segment.filters
    if not segment.subjects:
        yield from map(Attached, _narrowed_alone(segment, context))
    many = segment.reading.has(_MANY_THINGS) or filters.bounds or filters.stock is not None
    unread = [
        s for s in segment.subjects if id(s) not in used and passed_over.is_unread(s, segment)
    ]
    if unread and any(s.kind == "serial" for s in segment.subjects):
        yield Attached(Ask("unsure", note=" … ".join(s.said for s in unread)))
    elif unread:
        yield Attached(Ask("unread", tuple(unread)))
    for subject in segment.subjects:
        if id(subject) in used or subject in unread or (subject.loose and beside):
            continue
        if subject.kind == "name" and many:
            yield Attached(Ask("products", (replace(subject, kind="product"),), filters))
        else:
            one = _default(subject, segment)
            aside = beside and subject.by == "name" and one.want == "about"
            yield Attached(replace(one, want="aside") if aside else one)


def _narrowed_alone(segment: Segment, context: Context) -> Iterator[Ask]:
    """``Is she a VIP``, ``is it shipped``, ``anything under 20``: only a filter was named."""
    filters, latest = segment.filters, context.latest
    if filters.tier and "customer" in latest:
        yield Ask("tier", (latest["customer"],), filters, yes_no=tier_alone(segment))
    if (filters.status or filters.asked) and segment.pronouns and "order" in latest:
        yield Ask("order", (latest["order"],), filters)
    if filters.bounds:
        yield Ask("products", (), filters)


def _default(subject: Subject, segment: Segment) -> Ask:
    """What is told of something that was only named."""
    filters = segment.filters
    if filters.tier and subject.kind in ("customer", "name"):
        return Ask(
            "tier", (replace(subject, kind="customer"),), filters, yes_no=tier_alone(segment)
        )
    if (filters.status or filters.asked) and subject.kind in ("customer", "name"):
        return Ask("orders", (replace(subject, kind="customer"),), filters)
    return Ask(DEFAULT_WANTS[subject.kind], (subject,), filters)


def _attach_one(
    segments: Sequence[Segment], at: int, wanted: WantedAt, context: Context, used: set[int]
) -> Attached:
    segment, want = segments[at], wanted.want
    own = _own(segment, want, used)
    people = not own and _people_named(segments, at)
    people = people or (want.name == "warranties" and _serials_named(segments))
    if not own and not people and (group := about_many(segment, want)):
        return Attached(Ask(group, (), segment.filters, facts=(want.name,)))
    if not own and at and told_by_end(segments[at - 1], segment, want):
        return Attached(Ask("covered"))
    if want.name == "price" and not own and told_with_orders(segments, at):
        return Attached(Ask("covered"))
    if want.name == "price" and not own and (order := the_order(segments, at, context)):
        return Attached(Ask("order" if order.kind == "order" else "orders", (order,)))
    if want.name == "reviewer" and not own and (authors := writers(segments, at)):
        return Attached(Ask("identity", (authors,)))
    subjects = _subjects_of(segments, at, want, own, context)
    used.update(id(subject) for subject in subjects)
    if want.name == "warranties":
        subjects = holder_and_thing(subjects)
    filters = _filters(segment, wanted, subjects)
    ask = Ask(
        want.name,
        tuple(_typed(s, want, segment) for s in subjects),
        filters,
        yes_no=_has_verdict(segment, wanted) and not filters.asked,
    )
    if want.name == "about" and not own and segment.yes_no and not ask.yes_no and subjects:
        return Attached(Ask("unread", ask.subjects))
    if subjects or not want.of or want.name in _OF_ANYBODY:
        return Attached(ask)
    if want.group and may_be_group(segment, want):
        return Attached(ask)
    return Attached(ask, missing=want.of[0])


def _own(segment: Segment, want: Want, used: set[int]) -> list[Subject]:
    """The subjects of the want's own segment."""
    own = _fitting(segment.subjects, want, segment)
    if want.name in _OF_A_CATEGORY:
        things = [s for s in segment.subjects if s.kind in _THINGS]
        used.update(id(s) for s in things)
        return [replace(s, kind="product") for s in things]
    if want.name == "warranties":
        used.update(id(subject) for subject in own)
        return owner_first(segment, own)
    return own


def _filters(segment: Segment, wanted: WantedAt, subjects: Sequence[Subject]) -> Filters:
    filters = segment.filters
    if wanted.want.name == "spent" and subjects:
        # What somebody spent is a sum: a bound of it is no bound of single orders.
        filters = replace(filters, least=None, most=None, bounds="")
    if filters.asked and segment.yes_no and not supported(segment, wanted):
        filters = replace(filters, asked="")
    return filters


def _subjects_of(
    segments: Sequence[Segment], at: int, want: Want, own: list[Subject], context: Context
) -> list[Subject]:
    """What the fact is wanted of, wherever it was named."""
    segment = segments[at]
    subjects = own or borrowed(segments, at, want, context)
    subjects = [*subjects, *owner_of(segments, at, want, subjects, context)]
    if segment.filters.compared and len(own) == 1 and segment.pronouns:
        before = [context.latest[kind] for kind in want.of if kind in context.latest]
        subjects = [*before[:1], *subjects]
    return subjects


def _people_named(segments: Sequence[Segment], at: int) -> bool:
    """Whether another part of the text only names whom this one asks about."""
    others = [segment for n, segment in enumerate(segments) if n != at and not segment.wants]
    return any(s.kind in ("customer", "name") for segment in others for s in segment.subjects)


def _has_verdict(segment: Segment, wanted: WantedAt) -> bool:
    claimed = wanted.want.name == "tier" and claims_something(segment.reading)
    return supported(segment, wanted) or (claimed and bool(segment.filters.tier))


def _fitting(subjects: Sequence[Subject], want: Want, segment: Segment) -> list[Subject]:
    """The subjects of the same segment that the want can be a fact of."""
    if want.name == "warranties" and any(s.kind == "serial" for s in subjects):
        return [s for s in subjects if s.kind == "serial"]
    if want.name == "address" and len(subjects) > 1:
        subjects = [s for s in subjects if not _is_place(s, segment)] or subjects
    direct = [s for s in subjects if s.kind in want.of or (s.kind == "name" and nameable(want))]
    named = [
        s
        for s in direct
        if s.kind != "name" or _nearest(s, segment) in ("", want.name) or len(segment.wants) == 1
    ]
    if named or direct:
        return named if want.name in OF_MANY else named or direct
    if "customer" in want.of:
        return [customer_of(s) for s in subjects if s.kind in HANGS_ON]
    return []


def _is_place(subject: Subject, segment: Segment) -> bool:
    before = segment.word_before(subject)
    return subject.by == "name" and before in ("in", "at", "near", "around")


def _nearest(subject: Subject, segment: Segment) -> str:
    """The want that stands nearest to a name, when only one kind of thing can have that name."""
    near = [w for w in segment.wants if nameable(w.want)]
    kinds = {kind for w in near for kind in w.want.of if kind in ("customer", "product")}
    if len(kinds) < 2 or not near:
        return ""
    return min(
        near, key=lambda w: min(abs(w.first - subject.last), abs(subject.first - w.last))
    ).want.name


def _typed(subject: Subject, want: Want, segment: Segment) -> Subject:
    """A name takes the kind that the want allows, when it allows only one of the two."""
    kinds = {"customer", "product"} & set(want.of)
    if subject.kind == "name" and len(kinds) == 1:
        return replace(subject, kind=kinds.pop())
    return subject


def _serials_named(segments: Sequence[Segment]) -> bool:
    return any(s.kind == "serial" for segment in segments for s in segment.subjects)
