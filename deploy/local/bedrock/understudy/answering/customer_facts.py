"""How each fact about a customer is said, and by which system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.local.bedrock.understudy.answering.lookups import failed
from deploy.local.bedrock.understudy.answering.markdown import (
    day,
    joined,
    money,
    plural,
    quote,
    safe,
)
from deploy.local.bedrock.understudy.answering.numbers import whole
from tools import spelling

Row = Mapping[str, Any]
_CHANNELS = {"email": "e-mail", "sms": "text message (SMS)", "phone": "phone call"}


@dataclass(frozen=True, slots=True)
class Records:
    """A customer's account in Aurora and profile, and the answers that they were found in."""

    user: Row | None
    profile: Row | None
    user_answer: Row
    profile_answer: Row

    @property
    def emails_differ(self) -> bool:
        """Whether both systems have an e-mail address, and not the same one."""
        if not self.user or not self.profile:
            return False
        ours, theirs = self.user.get("email"), self.profile.get("email")
        return spelling.email(str(ours)) != spelling.email(str(theirs))


def _of_profile(what: str, show: Callable[[Row], str]) -> Callable[[Records], list[str]]:
    """A fact that only the profile has."""

    def fact(known: Records) -> list[str]:
        if known.profile:
            return [f"{show(known.profile)} (profile system)"]
        return [_no_profile(what, known)]

    return fact


def _no_profile(what: str, known: Records) -> str:
    if failed(known.profile_answer):
        return f"{what} could not be asked (profile system)"
    return f"{what}: no profile in the profile system"


def _identity(known: Records) -> list[str]:
    user, profile = known.user, known.profile
    if user:
        account = (
            f"user name {safe(user.get('username'))}, e-mail {safe(user.get('email'))}, "
            f"account since {day(user.get('created_at'))} (Aurora)"
        )
    else:
        silent = failed(known.user_answer)
        account = "account could not be asked (Aurora)" if silent else "no account in Aurora"
    if not profile:
        return [account, _no_profile("profile", known)]
    email = f", e-mail {safe(profile.get('email'))}" if known.emails_differ else ""
    return [
        account,
        f"tier {safe(profile.get('tier'))}, phone {safe(profile.get('phone'))}{email}, "
        f"registered {day(profile.get('registration_date'))} (profile system)",
    ]


def _email(known: Records) -> list[str]:
    user, profile = known.user, known.profile
    if user and profile and not known.emails_differ:
        return [f"e-mail **{safe(user.get('email'))}** (the same in Aurora and the profile system)"]
    parts = []
    if user:
        parts.append(f"**{safe(user.get('email'))}** in Aurora")
    elif failed(known.user_answer):
        parts.append("Aurora could not be asked")
    if profile:
        parts.append(f"**{safe(profile.get('email'))}** in the profile system")
    elif failed(known.profile_answer):
        parts.append("the profile system could not be asked")
    if user and profile:
        return [f"e-mail {joined(parts, 'but')}: the systems differ"]
    return [f"e-mail {joined(parts)}"]


def _contact(known: Records) -> list[str]:
    if not known.profile:
        return [*_email(known), _no_profile("phone and preferences", known)]
    phone = f"phone **{safe(known.profile.get('phone'))}**"
    return [*_email(known), f"{phone}, {preferences(known.profile)} (profile system)"]


def _registration(known: Records) -> list[str]:
    first = day(known.user.get("created_at")) if known.user else ""
    second = day(known.profile.get("registration_date")) if known.profile else ""
    if first and first == second:
        return [f"registered on **{first}** (the same in Aurora and the profile system)"]
    parts = [f"account created on **{first}** (Aurora)"] if first else []
    parts += [f"registered on **{second}** (profile system)"] if second else []
    return parts or [_no_profile("registration", known)]


def _username(known: Records) -> list[str]:
    if known.user:
        return [f"user name **{safe(known.user.get('username'))}** (Aurora)"]
    silent = failed(known.user_answer)
    return ["user name could not be asked (Aurora)" if silent else "no account in Aurora"]


def address(profile: Row) -> str:
    """The postal address on one line."""
    found = profile.get("address")
    if not isinstance(found, Mapping):
        return "no address"
    town = " ".join(safe(found[key]) for key in ("state", "zip") if found.get(key))
    parts = [safe(found.get("street") or ""), safe(found.get("city") or ""), town]
    parts.append(safe(found.get("country") or ""))
    return ", ".join(part for part in parts if part) or "no address"


def preferences(profile: Row) -> str:
    """Which ways of contact the customer wants."""
    channels = profile.get("communication_preferences")
    channels = channels if isinstance(channels, Mapping) else {}
    wanted = [words for key, words in _CHANNELS.items() if channels.get(key) is True]
    unwanted = [words for key, words in _CHANNELS.items() if channels.get(key) is False]
    if not wanted:
        return "has allowed no way of contact"
    no = f", not by {joined(unwanted, 'or')}" if unwanted else ""
    return f"may be contacted by **{joined(wanted)}**{no}"


def _notes(profile: Row) -> str:
    text = profile.get("notes")
    return f"note on file: {quote(text)}" if text else "no notes on file"


def _lifetime(profile: Row) -> str:
    bought = plural(whole(profile.get("total_purchases")), "purchase")
    return f"lifetime value **{money(profile.get('lifetime_value'))}** over {bought}"


def _purchases(profile: Row) -> str:
    bought = plural(whole(profile.get("total_purchases")), "purchase")
    value = money(profile.get("lifetime_value"))
    return f"**{bought}** in all, with a lifetime value of {value}"


def _cases(profile: Row) -> str:
    return f"**{plural(whole(profile.get('support_cases_count')), 'support case')}**"


FACTS: dict[str, Callable[[Records], list[str]]] = {
    "identity": _identity,
    "email": _email,
    "contact": _contact,
    "registration": _registration,
    "username": _username,
    "phone": _of_profile("phone number", lambda known: f"phone **{safe(known.get('phone'))}**"),
    "address": _of_profile("address", lambda known: f"address **{address(known)}**"),
    "tier": _of_profile("tier", lambda known: f"tier **{safe(known.get('tier'))}**"),
    "lifetime": _of_profile("lifetime value", _lifetime),
    "purchases": _of_profile("number of purchases", _purchases),
    "cases": _of_profile("number of support cases", _cases),
    "preferences": _of_profile("contact preferences", preferences),
    "notes": _of_profile("notes", _notes),
}
OF_ACCOUNT = frozenset({"identity", "email", "contact", "username", "registration"})
OF_PROFILE = frozenset(FACTS) - {"username"}
