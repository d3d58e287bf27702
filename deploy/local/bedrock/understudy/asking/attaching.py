"""Ties each wanted fact to what it is wanted of: named with it, near by, or in earlier turns."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

from deploy.local.bedrock.understudy.asking import passed_over
from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.everybody import about_many, owner_first, unlistable
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.asking.verdicts import supported, tier_alone
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.wants import Want

DEFAULT_WANTS = {
    "customer": "identity", "product": "product", "order": "order", "review": "review",
    "serial": "warranties", "name": "about",
}  # fmt: skip
_MANY_THINGS = "all|list|every|which"
_OF_A_CATEGORY = frozenset({"superlative_product", "superlative_stock", "product_count"})
_THINGS = frozenset({"name", "product"})
_WEAK = frozenset({"about", "identity", "products", "status", "category", "description", "listed"})
_HANGS_ON = ("order", "serial", "review")


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
        if said := unlistable(segment):
            found.append(Attached(Ask("unrecorded", note=said)))
            continue
        for wanted in segment.wants:
            found.append(_attach_one(segments, at, wanted, context, used))
        found.extend(map(Attached, passed_over.left_over(segment, used)))
        found.extend(map(Attached, passed_over.unsure(segment)))
    for at, segment in enumerate(segments):
        if not segment.wants and at not in silent:
            found.extend(_subjects_alone(segment, context, used))
    return found


def missing_of(found: Sequence[Attached]) -> Iterator[Ask]:
    """What is asked back about facts of nobody, when other facts can be told."""
    kinds = [one.missing for one in found if one.missing and one.ask.want not in _WEAK]
    if kinds and any(not one.missing for one in found):
        yield Ask("missing", note=kinds[0])


def _subjects_alone(segment: Segment, context: Context, used: set[int]) -> Iterator[Attached]:
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
        if id(subject) in used or subject in unread:
            continue
        if subject.kind == "name" and many:
            yield Attached(Ask("products", (replace(subject, kind="product"),), filters))
        else:
            yield Attached(_default(subject, segment))


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
    own = _fitting(segment.subjects, want, segment)
    if want.name in _OF_A_CATEGORY:
        own = [replace(s, kind="product") for s in segment.subjects if s.kind in _THINGS]
        used.update(id(s) for s in segment.subjects if s.kind in _THINGS)
    if want.name == "warranties":
        used.update(id(subject) for subject in own)
        own = owner_first(segment, own)
    if not own and (group := about_many(segment, want)):
        return Attached(Ask(group, (), segment.filters, facts=(want.name,)))
    subjects = own or _borrowed(segments, at, want, context)
    if want.name == "price" and not own and (order := _the_order(segments, at, context)):
        return Attached(Ask("order" if order.kind == "order" else "orders", (order,)))
    subjects = [*subjects, *_owner(segments, at, want, subjects, context)]
    used.update(id(subject) for subject in subjects)
    filters = segment.filters
    if want.name == "spent" and subjects:
        # What somebody spent is a sum: a bound of it is no bound of single orders.
        filters = replace(filters, least=None, most=None, bounds="")
    if filters.asked and segment.yes_no and not supported(segment, wanted):
        filters = replace(filters, asked="")
    ask = Ask(
        want.name,
        tuple(_typed(s, want, segment) for s in subjects),
        filters,
        yes_no=supported(segment, wanted) and not filters.asked,
    )
    if subjects or not want.of or (want.group and _may_be_group(segment, want)):
        return Attached(ask)
    return Attached(ask, missing=want.of[0])


def _the_order(segments: Sequence[Segment], at: int, context: Context) -> Subject | None:
    """The order that ``what did it cost`` means, when an order was spoken of last."""
    if not segments[at].pronouns & {"it", "that", "this"}:
        return None
    for segment in segments[:at]:
        orders = [s for s in segment.subjects if s.kind == "order"]
        whose = [s for s in segment.subjects if s.kind in ("customer", "name")]
        if whose and not orders and segment.reading.has("orders?"):
            return replace(whose[-1], kind="customer")
        if orders or segment.subjects:
            return orders[-1] if orders else None
    last = context.asks[-1].subjects if context.asks else ()
    spoken = bool(last) and last[-1].kind == "order"
    return context.latest.get("order") if spoken else None


def _owner(
    segments: Sequence[Segment],
    at: int,
    want: Want,
    subjects: Sequence[Subject],
    context: Context,
) -> list[Subject]:
    """Whose ``her watch`` or ``his review of …`` is, beside the thing itself."""
    if want.name not in ("warranties", "reviews") or not subjects:
        return []
    if any(s.kind in ("customer", "serial") or s.by == "id" for s in subjects):
        return []
    if not any(segment.pronouns & _PEOPLE for segment in segments[max(0, at - 1) : at + 1]):
        return []
    named = [s for segment in segments[:at] for s in segment.subjects if s.kind == "customer"]
    known = context.latest.get("customer")
    return named[-1:] or ([known] if known else [])


def _fitting(subjects: Sequence[Subject], want: Want, segment: Segment) -> list[Subject]:
    """The subjects of the same segment that the want can be a fact of."""
    if want.name == "warranties" and any(s.kind == "serial" for s in subjects):
        return [s for s in subjects if s.kind == "serial"]
    if want.name == "address" and len(subjects) > 1:
        subjects = [s for s in subjects if not _is_place(s, segment)] or subjects
    direct = [s for s in subjects if s.kind in want.of or (s.kind == "name" and _nameable(want))]
    named = [
        s
        for s in direct
        if s.kind != "name" or _nearest(s, segment) in (None, want) or len(segment.wants) == 1
    ]
    if named or direct:
        return named or direct
    if "customer" in want.of:
        return [_customer_of(s) for s in subjects if s.kind in _HANGS_ON]
    return []


def _is_place(subject: Subject, segment: Segment) -> bool:
    before = segment.reading.marks[subject.first - 1].words if subject.first > 0 else ""
    return subject.by == "name" and before in ("in", "at", "near", "around")


def _nameable(want: Want) -> bool:
    return bool({"customer", "product"} & set(want.of))


def _nearest(subject: Subject, segment: Segment) -> Want | None:
    """The want that stands nearest to a name, when only one kind of thing can have that name."""
    near = [w for w in segment.wants if _nameable(w.want)]
    kinds = {kind for w in near for kind in w.want.of if kind in ("customer", "product")}
    if len(kinds) < 2 or not near:
        return None
    return min(
        near, key=lambda w: min(abs(w.first - subject.last), abs(subject.first - w.last))
    ).want


def _customer_of(subject: Subject) -> Subject:
    return replace(subject, kind="customer", by=subject.kind)


def _typed(subject: Subject, want: Want, segment: Segment) -> Subject:
    """A name takes the kind that the want allows, when it allows only one of the two."""
    kinds = {"customer", "product"} & set(want.of)
    if subject.kind == "name" and len(kinds) == 1:
        return replace(subject, kind=kinds.pop())
    return subject


def _borrowed(segments: Sequence[Segment], at: int, want: Want, context: Context) -> list[Subject]:
    if want.group and not segments[at].pronouns and _speaks_of_all(segments[at]):
        return []
    others = [*range(at - 1, -1, -1), *range(at + 1, len(segments))]
    for other in others:
        if want.group and not segments[at].pronouns and segments[other].wants:
            if other > at or not _elliptical(segments[at]):
                continue
        found = [
            s
            for s in segments[other].subjects
            if s.kind in want.of or (s.kind == "name" and _nameable(want))
        ]
        if found:
            return _meant(found, want, segments[at].pronouns, later=other > at)
        if "customer" in want.of and (
            hanging := [s for s in segments[other].subjects if s.kind in _HANGS_ON]
        ):
            return [_customer_of(hanging[-1])]
    return _from_before(segments[at], want, context)


def _meant(
    found: Sequence[Subject], want: Want, pronouns: frozenset[str], *, later: bool
) -> list[Subject]:
    """Which subjects of another segment ``his`` or ``it`` means; without such, all of them."""
    if len(found) == 1 or later or not pronouns - _MANY:
        return list(found)
    if "customer" in want.of:
        people = [s for s in found if s.kind == "customer"] or list(found)
        return people[:1]
    return list(found[-1:])


_MANY = frozenset({"they", "them", "their", "theirs", "those", "these", "ones"})


def _from_before(segment: Segment, want: Want, context: Context) -> list[Subject]:
    """What was spoken of in earlier turns."""
    if want.group and not segment.pronouns and not _elliptical(segment):
        return []
    if (
        segment.pronouns & {"those", "these", "them", "both", "they", "their"}
        and len(context.listed) > 1
    ):
        listed = [s for s in context.listed if s.kind in want.of]
        if listed:
            return listed
    for kind in want.of:
        if kind in context.latest and not (kind == "product" and segment.pronouns & _PEOPLE):
            return [context.latest[kind]]
    return []


_PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})


def _elliptical(segment: Segment) -> bool:
    words = segment.reading.line.split()
    if _speaks_of_all(segment):
        return False
    if words[0] in ("which", "what", "list", "show"):
        return False
    return (
        len(words) <= 4
        or words[0] in ("and", "any", "also", "no", "not")
        or segment.reading.has("i mean|i meant")
        or segment.reading.has("the customer|this customer|the product|the caller")
    )


def _speaks_of_all(segment: Segment) -> bool:
    return segment.reading.has(cues.EVERYBODY)


def _may_be_group(segment: Segment, want: Want) -> bool:
    """Whether everybody can be meant: nobody was pointed at, and no name was left unread."""
    if "customer" not in want.of:
        return True
    if segment.filters.tier and want.name in ("orders", "order_count"):
        return not segment.pronouns & _PEOPLE
    return not segment.pronouns & _PEOPLE and not segment.reading.has(cues.OF_SOMEBODY)
