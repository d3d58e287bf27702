"""Answers about one customer: who it is, contact data, tier, value, preferences, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy.local.bedrock.understudy.answering.customer_facts import (
    FACTS,
    OF_ACCOUNT,
    OF_PROFILE,
    Records,
)
from deploy.local.bedrock.understudy.answering.ends import end_of
from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    joined,
    named,
    person,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import amount, within
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work, for_each_customer
from deploy.local.bedrock.understudy.asking.asks import Ask

Row = Mapping[str, Any]
_COUNTED = {
    "lifetime": "lifetime_value",
    "cases": "support_cases_count",
    "purchases": "total_purchases",
}


_WORDS = {
    "lifetime": "lifetime value",
    "cases": "number of support cases",
    "purchases": "number of purchases",
}


def facts(work: Work, ask: Ask) -> list[Section] | None:
    """The wanted facts of each customer; of several, who has the most."""
    sections = for_each_customer(work, ask, _facts_of)
    if sections is None or len(ask.subjects) < 2:
        return sections
    most = _most(work, ask)
    return [*sections, *([Section(most)] if most else [])]


def _facts_of(work: Work, ask: Ask, who: Resolved) -> Section | None:
    wanted = set(ask.facts)
    account: Row | None = {}
    profile: Row | None = {}
    if wanted & OF_ACCOUNT:
        account = work.look.account(who.identity)
    if wanted & OF_PROFILE:
        profile = work.look.profile(who.identity)
    if account is None or profile is None:
        return None
    known = Records(_exact(account, who.identity), record(profile, "profile"), account, profile)
    if not known.user and not known.profile:
        return _unknown(ask, who, known)
    name = who.name or person(known.user or known.profile or {})
    several = len(ask.facts) > 1 and ask.judged
    lines = [
        f"{_said_to(ask, fact, known.profile) if several else ''}{line}"
        for fact in ask.facts
        for line in FACTS[fact](known)
    ]
    verdict = "" if several else _verdict(ask, known.profile)
    text = _layout(f"**{named(who.identity, name)}**", verdict, lines)
    spoke_of = (about_customer(who.identity, name),)
    return Section(text, spoke_of=spoke_of, names={who.identity: name})


def _exact(account: Row, identity: str) -> Row | None:
    found = rows(account, "customers")
    return next((row for row in found if str(row.get("customer_id")) == identity), None)


def _unknown(ask: Ask, who: Resolved, known: Records) -> Section:
    head = f"**{named(who.identity, who.name)}**"
    if failed(known.user_answer) or failed(known.profile_answer):
        lines = [line for fact in ask.facts for line in FACTS[fact](known)]
        return Section(_layout(head, "", lines), spoke_of=(about_customer(who.identity, who.name),))
    answers = ((known.user_answer, "Aurora"), (known.profile_answer, "the profile system"))
    where = joined([words for answer, words in answers if answer], "or")
    if who.name:
        spoke_of = (about_customer(who.identity, who.name),)
        return Section(f"{head} has no record in {where}.", "not_found", spoke_of)
    return Section(f"There is no customer **{safe(who.identity)}** in {where}.", "not_found")


def _layout(head: str, verdict: str, lines: Sequence[str]) -> str:
    start = f"{verdict} {head}" if verdict else head
    return f"{start}: {lines[0]}" if len(lines) == 1 else f"{start}\n\n{bullets(lines)}"


def _verdict(ask: Ask, profile: Row | None) -> str:
    """``Yes.`` or ``No.`` when the question was one of yes or no."""
    if not ask.yes_no:
        return ""
    fits = _fits(ask, profile or {})
    return "" if fits is None else "Yes." if fits else "No."


def _said_to(ask: Ask, fact: str, profile: Row | None) -> str:
    """The verdict on one of several facts, before it."""
    filters = next((filters for judged, filters in ask.judged if judged == fact), None)
    if filters is None:
        return ""
    one = replace(ask, facts=(fact,), filters=filters, yes_no=True)
    return _verdict(one, profile).replace(".", ": ")


def _fits(ask: Ask, profile: Row) -> bool | None:
    wanted = set(ask.facts)
    if ask.filters.tier and wanted & {"tier", "identity"} and profile:
        return str(profile.get("tier", "")).casefold() == ask.filters.tier.casefold()
    channels = profile.get("communication_preferences")
    if "preferences" in wanted and ask.filters.channel and isinstance(channels, Mapping):
        return bool(channels.get(ask.filters.channel))
    field = next((_COUNTED[fact] for fact in ask.facts if fact in _COUNTED), "")
    if field and profile and ask.filters.bounds:
        return within(profile.get(field), ask.filters)
    return True if "identity" in wanted else None


def _most(work: Work, ask: Ask) -> str:
    """Which of several customers has the most of what can be counted."""
    fact = next((fact for fact in ask.facts if fact in _COUNTED), "")
    if not fact:
        return _longest(work, ask) if "registration" in ask.facts else ""
    found = []
    for subject in ask.subjects:
        who = work.customer(subject)
        profile = record(work.look.profile(who.identity), "profile") if who.identity else None
        if not profile:
            return ""
        found.append((amount(profile.get(_COUNTED[fact])), named(who.identity, person(profile))))
    return end_of(ask, _WORDS[fact], found)


def _longest(work: Work, ask: Ask) -> str:
    """Who of several customers has been one for the longest time."""
    since: list[tuple[str, str]] = []
    for subject in ask.subjects:
        who = work.customer(subject)
        profile = record(work.look.profile(who.identity), "profile") if who.identity else None
        if not profile or not profile.get("registration_date"):
            return ""
        name = named(who.identity, person(profile))
        since.append((str(profile["registration_date"])[:10], name))
    first = min(day for day, _ in since)
    names = [name for day, name in since if day == first]
    return f"Longest with us: **{joined(names)}**, since {safe(first)}."


def identity(work: Work, ask: Ask) -> list[Section] | None:
    """Who somebody is, when nothing else was asked."""
    return facts(work, replace(ask, want="facts", facts=("identity",)))
