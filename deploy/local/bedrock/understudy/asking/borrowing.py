"""What a fact is wanted of when it was not named with it: named near by, or in earlier turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.wants import Want

HANGS_ON = ("order", "serial", "review")
PEOPLE = frozenset({"he", "him", "his", "she", "her", "hers"})
_MANY = frozenset({"they", "them", "their", "theirs", "those", "these", "ones"})


def nameable(want: Want) -> bool:
    """Whether a customer or a product, which have names, can have such a fact."""
    return bool({"customer", "product"} & set(want.of))


def customer_of(subject: Subject) -> Subject:
    """The customer that an order, a serial number or a review hangs on."""
    return replace(subject, kind="customer", by=subject.kind)


HOW_MUCH = "^((and|so|ok|but|then|cool|right|,) )*how much( (was|is) (it|that|this))?( ,| \\.)?$"
_ORDER_LISTS = frozenset({"orders", "order_count", "order_total", "spent", "order"})


def the_order(segments: Sequence[Segment], at: int, context: Context) -> Subject | None:
    """The order that ``what did it cost`` means, when an order was spoken of last."""
    own = [s for s in segments[at].subjects if s.kind == "order"]
    lent = [s for segment in segments[:at] for s in segment.subjects]
    if own or (lent and all(s.kind == "order" for s in lent)):
        return [*lent, *own][-1]
    bare = segments[at].reading.has(HOW_MUCH) and not lent
    if not segments[at].pronouns & {"it", "that", "this"} and not bare:
        return None
    for segment in segments[:at]:
        orders = [s for s in segment.subjects if s.kind == "order"]
        whose = [s for s in segment.subjects if s.kind in ("customer", "name")]
        if whose and not orders and segment.reading.has("orders?"):
            return replace(whose[-1], kind="customer")
        if orders or segment.subjects:
            return orders[-1] if orders else None
    last = context.mentioned or (context.asks[-1].subjects[-1:] if context.asks else ())
    listed = (
        bool(context.asks) and context.asks[-1].want in _ORDER_LISTS and len(context.listed) < 2
    )
    spoken = any(subject.kind == "order" for subject in last) or listed
    return context.latest.get("order") if spoken else None


def owner_of(
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
    if not any(segment.pronouns & PEOPLE for segment in segments[max(0, at - 1) : at + 1]):
        return []
    named = [s for segment in segments[:at] for s in segment.subjects if s.kind == "customer"]
    known = context.latest.get("customer")
    return named[-1:] or ([known] if known else [])


def borrowed(segments: Sequence[Segment], at: int, want: Want, context: Context) -> list[Subject]:
    """The subjects of another part of the text, or else of earlier turns."""
    if thing := _thing_named(segments, at, want):
        return thing
    if want.name in OF_MANY and not segments[at].pronouns - {"one", "ones"}:
        return []
    if want.group and not segments[at].pronouns and speaks_of_all(segments[at]):
        return []
    others = [*range(at - 1, -1, -1), *range(at + 1, len(segments))]
    for other in others:
        if want.group and not segments[at].pronouns and segments[other].wants:
            if other > at or not _elliptical(segments[at]):
                continue
        found = [
            s
            for s in segments[other].subjects
            if s.kind in want.of or (s.kind == "name" and nameable(want))
        ]
        if found:
            if want.name == "warranties":
                return found
            return _meant(found, want, segments[at].pronouns, later=other > at)
        if "customer" in want.of and (
            hanging := [s for s in segments[other].subjects if s.kind in HANGS_ON]
        ):
            return [customer_of(hanging[-1])]
    return _from_before(segments[at], want, context)


_OF_ONE_THING = frozenset("stock price rating category description".split())
_OF_THINGS = (
    "products?|items?|articles?|which|what else|all|everything|anything|others?|else|every|list"
    "|show|average|cheapest|dearest|most|least"
)


def _thing_named(segments: Sequence[Segment], at: int, want: Want) -> list[Subject]:
    """The product that the question before named: ``… and have we got any``."""
    asks_on = at > 0 and want.name in _OF_ONE_THING and not segments[at].filters.bounds
    if not asks_on or segments[at].reading.has(_OF_THINGS):
        return []
    before = segments[at - 1]
    of_product = any("product" in one.want.of for one in before.wants)
    named = [s for s in before.subjects if s.kind in ("product", "name") and not s.loose]
    return [replace(s, kind="product") for s in named] if of_product or not before.wants else []


def _meant(
    found: Sequence[Subject], want: Want, pronouns: frozenset[str], *, later: bool
) -> list[Subject]:
    """Which subjects of another segment ``his`` or ``it`` means; without such, all of them."""
    if len(found) == 1 or later or not pronouns - _MANY - {"one"}:
        return list(found)
    if "customer" in want.of:
        people = [s for s in found if s.kind == "customer"] or list(found)
        return people[:1]
    return list(found[-1:])


_EACH = "(of|for) each( one| of them)?( ,| \\.)?$|all (three|four|five)|each of (them|those|these)"


def _from_before(segment: Segment, want: Want, context: Context) -> list[Subject]:
    """What was spoken of in earlier turns."""
    if want.group and not segment.pronouns:
        nobody = context.asks and not any(ask.subjects for ask in context.asks)
        if nobody or not _elliptical(segment):
            return []
    several = segment.pronouns & {"those", "these", "them", "both", "they", "their"}
    if (several or segment.reading.has(_EACH)) and len(context.listed) > 1:
        listed = [s for s in context.listed if s.kind in want.of]
        if listed:
            return listed
    if (device := _device(segment, want, context)) is not None:
        return [device]
    for kind in want.of:
        if kind in context.latest and not (kind == "product" and segment.pronouns & PEOPLE):
            return [context.latest[kind]]
    return []


def _device(segment: Segment, want: Want, context: Context) -> Subject | None:
    """The device that ``it`` means, when one was asked about by its serial number just before."""
    points = segment.pronouns & {"it", "its", "that", "this"} and not segment.pronouns & PEOPLE
    if not points or "serial" not in want.of:
        return None
    spoken = any(s.kind == "serial" for ask in context.asks for s in ask.subjects)
    return context.latest.get("serial") if spoken else None


OF_MANY = frozenset("ranked_rating ranked_reviews superlative_product superlative_stock".split())


def _elliptical(segment: Segment) -> bool:
    words = segment.reading.line.split()
    if speaks_of_all(segment):
        return False
    if words[0] in ("which", "what", "list", "show"):
        return False
    return (
        len(words) <= 4
        or segment.reading.has(cues.SOME_LEFT)
        or words[0] in ("and", "any", "also", "no", "not")
        or segment.reading.has("i mean|i meant")
        or segment.reading.has("the customer|this customer|the product|the caller")
    )


def speaks_of_all(segment: Segment) -> bool:
    """Whether everybody is meant, and nobody who was named before."""
    return segment.reading.has(cues.EVERYBODY) and not segment.reading.has(cues.SOME_LEFT)
