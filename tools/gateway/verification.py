"""Checks who calls against the stored profile, and counts the tries so that nobody can guess."""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from tools import spelling
from tools.contract import Result, ToolFailure
from tools.dynamo import ConditionFailed, Store
from tools.gateway.arguments import wrong
from tools.gateway.handling import Clock
from tools.records import BIRTH, Item, attribute, plain

MOST_TRIES = 3
WINDOW_SECONDS = 15 * 60

_FACTS = (BIRTH, "phone_last4", "zip")
_RACES = 5


class Verification:
    """The tool ``verify_customer``.

    A try is counted before anything is compared, in one atomic update over all reps. Each counted
    try begins the fifteen minutes anew, so that no fifteen minutes ever see more than three wrong
    answers. A right answer takes its own try back and forgives no wrong one: else whoever knows two
    facts could guess the third for ever.
    """

    def __init__(self, store: Store, profiles: str, verifications: str, clock: Clock) -> None:
        self._store = store
        self._profiles = profiles
        self._verifications = verifications
        self._clock = clock

    def verify_customer(self, given: Mapping[str, Any], today: date) -> Result:
        """Whether all answers are right; an unknown customer gets the reply of a wrong answer."""
        customer_id = spelling.customer_id(given["customer_id"])
        if not customer_id:
            raise wrong("customer_id", "not a customer id")
        answers = _answers(given)
        now = int(self._clock().timestamp())
        tries = self._count_try(customer_id, now)
        if tries is None:
            return {"status": "locked", "attempts_left": 0}
        profile = self._store.get(
            self._profiles,
            {"customer_id": customer_id},
            (BIRTH, "phone_key", "address"),
            latest=True,
        )
        if not _agree(answers, _facts(profile or {})):
            return {"status": "not_verified", "attempts_left": MOST_TRIES - tries}
        self._take_back(customer_id)
        return {"status": "verified", "attempts_left": MOST_TRIES - tries + 1}

    def _count_try(self, customer_id: str, now: int) -> int | None:
        """The number of this try, or None when there are none left."""
        ends = now + WINDOW_SECONDS
        further = (
            "SET window_ends = :ends, expires_at = :ends ADD tries :one",
            "window_ends > :now AND tries < :most",
            {":ends": ends, ":one": 1, ":now": now, ":most": MOST_TRIES},
        )
        first = (
            "SET window_ends = :ends, expires_at = :ends, tries = :one",
            "attribute_not_exists(customer_id) OR window_ends <= :now",
            {":ends": ends, ":one": 1, ":now": now},
        )
        for _ in range(_RACES):  # another rep's try may come between the two updates
            try:
                return int(plain(self._update(customer_id, *further)["tries"]))
            except ConditionFailed as found:
                if found.item and plain(found.item["window_ends"]) > now:
                    if plain(found.item["tries"]) >= MOST_TRIES:
                        return None
                    continue
            try:
                return int(plain(self._update(customer_id, *first)["tries"]))
            except ConditionFailed:
                continue
        raise ToolFailure("busy", "The profile system is busy.", retryable=True)

    def _take_back(self, customer_id: str) -> None:
        try:
            self._update(
                customer_id, "ADD tries :minus", "tries > :none", {":minus": -1, ":none": 0}
            )
        except ConditionFailed:
            pass  # the window ended and the count began anew: nothing to take back

    def _update(
        self, customer_id: str, change: str, condition: str, values: Mapping[str, int]
    ) -> Item:
        return self._store.update(
            {
                "TableName": self._verifications,
                "Key": {"customer_id": attribute(customer_id)},
                "UpdateExpression": change,
                "ConditionExpression": condition,
                "ExpressionAttributeValues": {
                    name: attribute(held) for name, held in values.items()
                },
                "ReturnValues": "ALL_NEW",
                "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            }
        )


def _answers(given: Mapping[str, Any]) -> dict[str, str]:
    """What the caller said, in the spelling that is compared."""
    answers = {name: given[name] for name in _FACTS if name in given}
    if len(answers) < 2:
        raise ToolFailure("invalid_input", "Give at least two of date_of_birth, phone_last4, zip.")
    if BIRTH in answers:
        try:
            answers[BIRTH] = date.fromisoformat(answers[BIRTH]).isoformat()
        except ValueError:
            raise wrong(BIRTH, "must be YYYY-MM-DD") from None
    if "phone_last4" in answers:
        answers["phone_last4"] = re.sub(r"\s", "", answers["phone_last4"])
        if not re.fullmatch(r"[0-9]{4}", answers["phone_last4"]):
            raise wrong("phone_last4", "must be four digits")
    if "zip" in answers:
        answers["zip"] = _zip(answers["zip"])
    return answers


def _facts(profile: Item) -> dict[str, str]:
    """What is stored; a fact that is missing is empty, and nothing agrees with it."""
    stored = {name: plain(held) for name, held in profile.items()}
    return {
        BIRTH: str(stored.get(BIRTH) or ""),
        "phone_last4": str(stored.get("phone_key") or "")[-4:],
        "zip": _zip(str((stored.get("address") or {}).get("zip") or "")),
    }


def _agree(answers: Mapping[str, str], facts: Mapping[str, str]) -> bool:
    """Compare all answers, each in constant time and none left out after a wrong one."""
    agree = True
    for name, answer in answers.items():
        same = hmac.compare_digest(answer.encode(), facts[name].encode())
        agree &= same & bool(facts[name])
    return agree


def _zip(text: str) -> str:
    """Letters and digits; of a nine-digit US code the first five."""
    plain_text = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    return plain_text[:5] if re.fullmatch(r"[0-9]{9}", plain_text) else plain_text
