"""Answers about one customer: who it is, contact data, tier, value, preferences, notes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed, record, rows
from deploy.local.bedrock.understudy.answering.markdown import (
    bullets,
    day,
    joined,
    money,
    named,
    person,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import whole
from deploy.local.bedrock.understudy.answering.resolving import Resolved
from deploy.local.bedrock.understudy.answering.sections import Section, about_customer
from deploy.local.bedrock.understudy.answering.working import Work, for_each_customer
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters
from tools import spelling

Row = Mapping[str, Any]
_ACCOUNT_FACTS = frozenset({"identity", "email", "contact", "username", "registration"})
_CHANNEL_WORDS = {"email": "e-mail", "sms": "text message (SMS)", "phone": "phone call"}


def facts(work: Work, ask: Ask) -> list[Section] | None:
    """The wanted facts of each customer."""
    return for_each_customer(work, ask, _facts_of)


def _facts_of(work: Work, ask: Ask, who: Resolved) -> Section | None:
    account = work.look.get("find_customers", query=who.identity) if _needs_account(ask) else {}
    profile = (
        work.look.get("profile___get_customer_profile", customer_id=who.identity)
        if _needs_profile(ask)
        else {}
    )
    if account is None or profile is None:
        return None
    user = _exact(account, who.identity)
    known = record(profile, "profile")
    name = who.name or person(user or known or {})
    if not user and not known:
        return _unknown(who, account, profile)
    head = f"**{named(who.identity, name)}**"
    lines = [_FACTS[fact](user, known, account, profile) for fact in ask.facts]
    lead = _judged(ask, known)
    text = _layout(head, lead, [line for line in lines if line])
    spoke_of = (about_customer(who.identity, name),)
    return Section(text, spoke_of=spoke_of, names={who.identity: name})


def _needs_account(ask: Ask) -> bool:
    return bool(_ACCOUNT_FACTS & set(ask.facts))


def _needs_profile(ask: Ask) -> bool:
    return bool(set(ask.facts) - {"username"})


def _exact(account: Row, identity: str) -> Row | None:
    return next(
        (r for r in rows(account, "customers") if str(r.get("customer_id")) == identity), None
    )


def _unknown(who: Resolved, account: Row, profile: Row) -> Section:
    if failed(account) or failed(profile):
        asked = (
            "Aurora"
            if not failed(account) and account
            else "the profile system"
            if not failed(profile) and profile
            else ""
        )
        found_nothing = f" {asked[:1].upper()}{asked[1:]} has nothing on this id." if asked else ""
        return Section(
            f"**{named(who.identity, who.name)}** could not be looked up everywhere.{found_nothing}"
        )
    systems = [
        words for result, words in ((account, "Aurora"), (profile, "the profile system")) if result
    ]
    where = joined(systems)
    if who.name:
        return Section(
            f"**{named(who.identity, who.name)}** has no record in {where}.",
            "not_found",
            (about_customer(who.identity, who.name),),
        )
    return Section(f"There is no customer **{safe(who.identity)}** in {where}.", "not_found")


def _layout(head: str, lead: str, lines: list[str]) -> str:
    if len(lines) == 1 and "\n" not in lines[0]:
        return f"{lead}{head}: {lines[0]}" if not lead else f"{lead} {head}: {lines[0]}"
    start = f"{lead} {head}" if lead else head
    return f"{start}\n\n{bullets(lines)}"


def _judged(ask: Ask, profile: Row | None) -> str:
    """``Yes.`` or ``No.`` when the question was one of yes or no about the profile."""
    if not ask.yes_no or not profile:
        return ""
    if ask.filters.tier and ({"tier", "identity"} & set(ask.facts)):
        return (
            "Yes."
            if str(profile.get("tier", "")).casefold() == ask.filters.tier.casefold()
            else "No."
        )
    channels = profile.get("communication_preferences")
    if "preferences" in ask.facts and ask.filters.channel and isinstance(channels, Mapping):
        return "Yes." if channels.get(ask.filters.channel) else "No."
    if "identity" in ask.facts:
        return "Yes."
    return _over(ask.filters, profile, ask.facts)


def _over(filters: Filters, profile: Row, facts_wanted: tuple[str, ...]) -> str:
    fields = {
        "lifetime": "lifetime_value",
        "cases": "support_cases_count",
        "purchases": "total_purchases",
    }
    field = next((fields[f] for f in facts_wanted if f in fields), "")
    if not field or (filters.least is None and filters.most is None):
        return ""
    value = spelling_amount(profile.get(field))
    if value is None:
        return ""
    fits = (filters.least is None or value >= filters.least) and (
        filters.most is None or value <= filters.most
    )
    return "Yes." if fits else "No."


def spelling_amount(value: Any) -> Any:
    """A stored amount as a Decimal, or None."""
    from decimal import Decimal, InvalidOperation

    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _missing(what: str, profile: Row) -> str:
    return (
        f"{what} could not be asked (profile system)"
        if failed(profile)
        else f"{what}: no profile in the profile system"
    )


def _identity(user: Row | None, known: Row | None, account: Row, profile: Row) -> str:
    parts = []
    if user:
        parts.append(
            f"user name {safe(user.get('username'))}, e-mail {safe(user.get('email'))}, account since {day(user.get('created_at'))} (Aurora)"
        )
    else:
        parts.append(
            "account could not be asked (Aurora)" if failed(account) else "no account in Aurora"
        )
    if known:
        different = f", e-mail {safe(known.get('email'))}" if _other_mail(user, known) else ""
        parts.append(
            f"tier {safe(known.get('tier'))}, phone {safe(known.get('phone'))}{different}, registered {day(known.get('registration_date'))} (profile system)"
        )
    else:
        parts.append(_missing("profile", profile))
    return "\n- ".join(parts)


def _other_mail(user: Row | None, known: Row | None) -> bool:
    if not user or not known:
        return False
    return spelling.email(str(user.get("email", ""))) != spelling.email(str(known.get("email", "")))


def _email(user: Row | None, known: Row | None, account: Row, profile: Row) -> str:
    if user and known and not _other_mail(user, known):
        return f"e-mail **{safe(user.get('email'))}** (the same in Aurora and the profile system)"
    parts = []
    if user:
        parts.append(f"**{safe(user.get('email'))}** in Aurora")
    elif failed(account):
        parts.append("Aurora could not be asked")
    if known:
        parts.append(f"**{safe(known.get('email'))}** in the profile system")
    elif failed(profile):
        parts.append("the profile system could not be asked")
    differ = ": the systems differ" if user and known else ""
    return f"e-mail {joined(parts, 'but' if user and known else 'and')}{differ}"


def _registration(user: Row | None, known: Row | None, account: Row, profile: Row) -> str:
    first = str(user.get("created_at"))[:10] if user else ""
    second = str(known.get("registration_date"))[:10] if known else ""
    if first and first == second:
        return f"registered on **{safe(first)}** (the same in Aurora and the profile system)"
    parts = []
    if first:
        parts.append(f"account created on **{safe(first)}** (Aurora)")
    if second:
        parts.append(f"registered on **{safe(second)}** (profile system)")
    return joined(parts) or _missing("registration", profile)


def _profile_fact(
    what: str, show: Callable[[Row], str]
) -> Callable[[Row | None, Row | None, Row, Row], str]:
    def fact(_: Row | None, known: Row | None, __: Row, profile: Row) -> str:
        return f"{show(known)} (profile system)" if known else _missing(what, profile)

    return fact


def _address(known: Row) -> str:
    address = known.get("address")
    if not isinstance(address, Mapping):
        return "no address"
    town = " ".join(safe(address[key]) for key in ("state", "zip") if address.get(key))
    parts = [
        safe(address.get("street") or ""),
        safe(address.get("city") or ""),
        town,
        safe(address.get("country") or ""),
    ]
    return "address **" + ", ".join(part for part in parts if part) + "**"


def _preferences(known: Row) -> str:
    channels = known.get("communication_preferences")
    channels = channels if isinstance(channels, Mapping) else {}
    wanted = [words for key, words in _CHANNEL_WORDS.items() if channels.get(key) is True]
    unwanted = [words for key, words in _CHANNEL_WORDS.items() if channels.get(key) is False]
    yes = f"may be contacted by **{joined(wanted)}**" if wanted else "has allowed no way of contact"
    no = f", not by {joined(unwanted, 'or')}" if unwanted else ""
    return yes + no


def _notes(known: Row) -> str:
    return f"note on file: {quote(known['notes'])}" if known.get("notes") else "no notes on file"


def _lifetime(known: Row) -> str:
    count = known.get("total_purchases")
    over = f" over {plural(count, 'purchase')}" if isinstance(count, int) else ""
    return f"lifetime value **{money(known.get('lifetime_value'))}**{over}"


def _cases(known: Row) -> str:
    count = known.get("support_cases_count")
    return (
        f"**{plural(count, 'support case')}**"
        if isinstance(count, int)
        else "number of support cases unknown"
    )


_FACTS: dict[str, Callable[[Row | None, Row | None, Row, Row], str]] = {
    "identity": _identity,
    "email": _email,
    "registration": _registration,
    "username": lambda user, _, account, __: (
        f"user name **{safe(user.get('username'))}** (Aurora)"
        if user
        else "no account in Aurora"
        if not failed(account)
        else "user name could not be asked (Aurora)"
    ),
    "phone": _profile_fact("phone number", lambda known: f"phone **{safe(known.get('phone'))}**"),
    "contact": lambda u, k, a, p: (
        _email(u, k, a, p)
        + "\n- "
        + (
            f"phone **{safe(k.get('phone'))}** (profile system)\n- {_preferences(k)} (profile system)"
            if k
            else _missing("phone and preferences", p)
        )
    ),
    "address": _profile_fact("address", _address),
    "tier": _profile_fact("tier", lambda known: f"tier **{safe(known.get('tier'))}**"),
    "lifetime": _profile_fact("lifetime value", _lifetime),
    "purchases": _profile_fact(
        "purchases",
        lambda known: (
            f"**{plural(whole(known.get('total_purchases')), 'purchase')}** in all, with a lifetime value of {money(known.get('lifetime_value'))}"
        ),
    ),
    "cases": _profile_fact("support cases", _cases),
    "preferences": _profile_fact("preferences", _preferences),
    "notes": _profile_fact("notes", _notes),
}
