"""Reads when a fact of one customer is asked of all, and who is named only to be left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.wants import Want

_OF_MANY = {
    "spent": "top_spenders", "order_total": "top_spenders", "order_count": "top_spenders",
    "lifetime": "customers", "purchases": "customers", "tier": "customers",
    "registration": "customers", "cases": "customers",
}  # fmt: skip
_MANY_CUSTOMERS = (
    "customers|which customer|what customer|anyone|anybody|somebody|someone|who all"
    "|who has (spent|ordered)|who spent"
    "|(who|which one) (has|have|got|is|had)( got)?( the)?"
    " (most|fewest|least|highest|lowest|biggest)"
    "|who (registered|joined|signed up)|who has been"
)
_NEWEST = "(newest|latest|oldest|longest|first|last|most recent)"
_SOMEBODY_OF_MANY = f"our|we|us|customers|{_NEWEST} (customer|account|user|member)"
_OF_CUSTOMERS = "customers|which customer|who|(a|any) customer|anyone|anybody"
_ANYBODY = "is there|are there|any|anyone|anybody|somebody|someone"
_LEFT_OUT = frozenset({"not", "ignore", "forget", "except", "without", "skip", "besides"})
_BY_DAY = frozenset({"latest", "recent", "first"})


_SUMMED = frozenset({"order_count", "order_total", "spent"})
_OF_ALL_TOGETHER = (
    "(all|every|any|each) (of )?(the |our )?customers?( together| taken together| altogether)?"
)


_WARRANTIES_OF_ALL = "which|all|any|list|every|(who|anyone|anybody) else"


def about_many(segment: Segment, want: Want) -> str:
    """What a fact of one customer is called when it is asked of all of them."""
    filters, reading = segment.filters, segment.reading
    if segment.pronouns - {"one", "ones", "that", "this"}:
        return ""
    if want.name == "sell" and (filters.bounds or filters.stock is not None):
        return "products"
    if want.name == "warranties" and reading.has(_WARRANTIES_OF_ALL):
        return "warranties"
    narrowed = filters.tier or filters.since or filters.until or filters.pick in _BY_DAY
    if want.name in ("identity", "tier", "registration") and narrowed:
        if reading.has(f"{_SOMEBODY_OF_MANY}|who (registered|joined|signed up)|{_ANYBODY}"):
            return "customers"
    if want.name == "order_customer" and (narrowed or filters.status):
        return "orders"
    if want.name in _SUMMED and reading.has(_OF_ALL_TOGETHER):
        return ""
    return _OF_MANY.get(want.name, "") if reading.has(_MANY_CUSTOMERS) else ""


def without_said(segment: Segment) -> Segment:
    """The segment without whom it names to be left out: ``not jane``, ``ignore alice``."""
    kept = [s for s in segment.subjects if not _left_out(segment, s.first)]
    if len(kept) == len(segment.subjects) or (not kept and not segment.wants):
        return replace(segment, subjects=()) if not kept and segment.subjects else segment
    return replace(segment, subjects=kept)


def _left_out(segment: Segment, at: int) -> bool:
    if at < 1 or at >= len(segment.reading.marks):
        return False
    before = segment.reading.marks[at - 1].words
    return before in _LEFT_OUT and not segment.yes_no


_ANY_OTHER = "(anyone|anybody|who|everyone|everybody) else|(any )?other customers?|the others"
_NO_REVIEWS = "(no|without|zero|any) reviews?|(never|not)( yet)? (reviewed|written|wrote)"
_NOT_LISTED = "(not|missing|absent)~catalogue"
_WHO_LIVES = "(who|anyone|anybody|customers?) (all )?(lives?|is|are|live)? ?(in|from|near)"
_PLACE = "(in|from|near|live in|lives in|living in|based in) <name>"


def unlistable(segment: Segment, *, known: bool) -> str:
    """What is said when somebody is wanted by something that nobody can be found by.

    Args:
        segment: what is asked.
        known: whether a customer was spoken of, whom ``her number`` means.
    """
    reading = segment.reading
    wants = {wanted.want.name for wanted in segment.wants}
    if "differences" in wants and not segment.subjects and reading.has(_ANY_OTHER):
        return "Not all customers can be compared at once. Name one, and I compare the systems."
    if "customers" not in wants and not reading.has(_OF_CUSTOMERS):
        if wants & {"products", "listed"} and not segment.subjects and reading.has(_NOT_LISTED):
            return (
                "What is not in the catalogue cannot be listed at once. "
                "Name a product, and I look for it in both systems."
            )
        return "" if known else _unfindable(segment)
    if reading.has("customers") and "reviews" in wants and reading.has(_NO_REVIEWS):
        return "Customers without reviews cannot be listed. Ask for the reviews of one customer."
    place = reading.has(_PLACE) and ("customers" in wants or reading.has(_WHO_LIVES))
    if place and segment.subjects:
        return "Customers cannot be listed by place. Ask for the address of one customer."
    return "" if known else _unfindable(segment)


def somebody_known(segments: Sequence[Segment], context: Context) -> bool:
    """Whether a customer was spoken of before, or more than what describes one is named."""
    return "customer" in context.latest or sum(bool(one.subjects) for one in segments) > 1


_LIVES_IN = (
    "(lives|living|live|based|located) (in|near|around) <name>"
    "|(he|she|they|caller|customer) (is|comes|are) from <name>"
)
_ZIP_ALONE = "^((and|so|the|her|his|their|,) )*zip( code)?( (is|of))? (<number>|<phone>)( ,| \\.)?$"
_PART_OF_PHONE = (
    "(phone|number|numbers)( [^ .]+){0,3} (ends?|ending|starts?|starting|begins?) (in|with|on)"
    " <number>"
    "|(ends?|ending|starts?|starting|begins?) (in|with) <number>"
    "|last (<number>|three|four|few)( digits| numbers)?( of| are| is| [^ .]+){0,4} <number>"
)


def _unfindable(segment: Segment) -> str:
    """What is said when somebody is described by where they live, or by half a phone number."""
    reading = segment.reading
    nobody = not any(s.by != "name" or s.kind == "customer" for s in segment.subjects)
    if reading.has(_PART_OF_PHONE) and not segment.subjects:
        return (
            "Nobody can be found by a part of a phone number: give the whole number, "
            "a name, an e-mail or a customer id."
        )
    if reading.has(_ZIP_ALONE) or (reading.has(_LIVES_IN) and nobody and not segment.yes_no):
        if all(segment.word_before(s) in _BEFORE_PLACE or s.loose for s in segment.subjects):
            return (
                "Nobody can be found by where they live: give a name, an e-mail, a phone number "
                "or a customer id."
            )
    return ""


_BEFORE_PLACE = frozenset({"in", "near", "around", "from"})


def holder_and_thing(subjects: list[Subject]) -> list[Subject]:
    """A name beside a thing of theirs is the holder's."""
    people = [s for s in subjects if s.kind == "name"]
    if len(people) == 1 and any(s.kind == "product" for s in subjects):
        return [replace(s, kind="customer") if s.kind == "name" else s for s in subjects]
    return subjects


def owner_first(segment: Segment, own: list[Subject]) -> list[Subject]:
    """Of ``the watch of alice`` the thing and whose it is."""
    if len(own) == 1 and own[0].kind == "name" and own[0].first > 0:
        article = segment.word_before(own[0]) in ("the", "a", "an")
        return [replace(own[0], kind="product")] if article else own
    if len(own) != 2 or any(subject.by != "name" for subject in own):
        return own
    thing, owner = own
    between = segment.reading.marks[thing.last + 1 : owner.first]
    if [mark.words for mark in between] not in (["of"], ["from"], ["belonging", "to"]):
        return own
    return [replace(owner, kind="customer"), replace(thing, kind="product")]
