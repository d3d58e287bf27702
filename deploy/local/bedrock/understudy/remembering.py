"""What a finished turn leaves behind for the turns after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.asking.asks import Ask, Context
from deploy.local.bedrock.understudy.asking.callers import nobody_yet
from deploy.local.bedrock.understudy.asking.spoken_of import with_spoken_of
from deploy.local.bedrock.understudy.asking.understanding import Understood


def remember(before: Context, understood: Understood, sections: Sequence[Section]) -> Context:
    """The context after a turn; small talk changes nothing."""
    if understood.anew:
        before = nobody_yet(before)
    if understood.open_asks:
        return replace(before, asks=understood.open_asks, incomplete=True, pending=None)
    if understood.mentioned:
        return with_spoken_of(before, understood.mentioned)
    if not understood.asks:
        return before
    after = Context(
        latest=dict(before.latest),
        listed=before.listed,
        asks=_as_answered(understood.asks, sections),
        choice=before.choice,
        chosen=before.chosen,
        names=dict(before.names),
        recent=dict(before.recent),
        checked=before.checked,
    )
    for section in sections:
        _take(after, section)
    _take_unfound(after, understood, sections)
    if any(ask.want == "verify" and len(ask.given) > 1 for ask in understood.asks):
        after.checked = (*after.checked, *(section.text for section in sections))
    after.spoken = tuple(subject for section in sections for subject in section.spoke_of)
    of_same = any(one.same_as(other) for one in after.spoken for other in before.spoken)
    after.run = (*before.run, *understood.asks) if of_same else understood.asks
    several = tuple(section.spoke_of[-1] for section in sections if section.spoke_of)
    behind = all(s.by in ("order", "review") for ask in understood.asks for s in ask.subjects)
    if len(several) > 1 and not behind and not any(section.listed for section in sections):
        after.listed = several
    return after


def _as_answered(asks: tuple[Ask, ...], sections: Sequence[Section]) -> tuple[Ask, ...]:
    """The asks; a name alone that turned out to be a category asked for its products."""
    alone = len(sections) == 1 and [ask.want for ask in asks] == ["about"]
    if alone and all(len(one.listed) > 1 and one.listed[0].kind == "product" for one in sections):
        return (replace(asks[0], want="products"),)
    return asks


def _take_unfound(after: Context, understood: Understood, sections: Sequence[Section]) -> None:
    """A product of which nothing was found is what was spoken of last all the same."""
    if any(subject.kind == "product" for section in sections for subject in section.spoke_of):
        return
    for ask in understood.asks:
        for subject in ask.subjects:
            if subject.kind == "product":
                after.latest["product"] = replace(
                    subject, first=-1, last=-1, doubtful=False, loose=False
                )


def _take(after: Context, section: Section) -> None:
    for subject in section.spoke_of:
        after.latest[subject.kind] = subject
        others = [s for s in after.recent.get(subject.kind, ()) if not s.same_as(subject)]
        after.recent[subject.kind] = (*others[-3:], subject)
    kinds = {subject.kind for subject in section.spoke_of}
    if "customer" not in kinds and (placed := kinds & {"order", "review"}):
        thing = after.latest[placed.pop()]
        after.latest["customer"] = replace(thing, kind="customer", by=thing.kind)
    if section.listed:
        after.listed = section.listed
        if (
            section.outcome != "clarify"
            and len({s.kind for s in section.listed}) == 1
            and len(section.listed) == 1
        ):
            after.latest[section.listed[0].kind] = section.listed[0]
    if section.pending:
        after.pending = section.pending
        after.choice, after.chosen = section.pending, ""
    elif after.choice and "customer" in after.latest:
        after.chosen = after.latest["customer"].value
    after.names.update(section.names)
