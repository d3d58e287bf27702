"""A fake desk: offers the tools over records in memory and runs the loop between model and tools.

It is a fake and says so: no database, no network, only the shapes that the real tools return.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from deploy.local.bedrock.understudy import respond
from deploy.seed.records import Records, sample_records
from tests.deploy.local.bedrock.understudy.fake_aurora import FakeAurora
from tests.deploy.local.bedrock.understudy.fake_catalog import FakeCatalog
from tests.deploy.local.bedrock.understudy.fake_gateway import FakeProfiles, FakeWarranty
from tests.deploy.local.bedrock.understudy.fake_specs import SPECS, SYSTEM_OF

TODAY = date(2026, 11, 22)
MODEL_CALLS = 8
_OUTCOME = re.compile(r"\n?<outcome>(\w+)</outcome>\s*$")

Result = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One tool call that the understudy made: its round, name, input and result."""

    round: int
    tool: str
    input: Mapping[str, Any]
    result: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """The end of one turn: the answer without its last line, the outcome, the calls."""

    text: str
    outcome: str
    calls: tuple[Asked, ...]

    def tools(self) -> list[str]:
        """The names of the tools that were called, in order."""
        return [call.tool for call in self.calls]

    def asked(self, tool: str, **given: Any) -> bool:
        """Whether the tool was called with at least these arguments."""
        return any(
            call.tool == tool and all(str(call.input.get(k)) == str(v) for k, v in given.items())
            for call in self.calls
        )


@dataclass
class FakeDesk:
    """One conversation with the understudy over fake tools; ``broken`` systems give errors."""

    records: Records = field(default_factory=sample_records)
    today: date = TODAY
    broken: Collection[str] = ()
    offered: Collection[str] = tuple(SPECS)
    keep_outcome: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.aurora = FakeAurora(self.records)
        self.catalog = FakeCatalog(self.records)
        self.warranty = FakeWarranty(self.records, self.today)
        self.profiles = FakeProfiles(self.records)

    def ask(self, text: str) -> Told:
        """One turn: the understudy and the tools until there is an answer."""
        self._say("user", [{"text": f'<turn today="{self.today.isoformat()}"/>'}, {"text": text}])
        calls: list[Asked] = []
        for number in range(MODEL_CALLS):
            reply = respond(self._request())
            if reply.stop_reason == "end_turn":
                return self._finish(reply.content, calls)
            self._say("assistant", reply.content)
            uses = [block["toolUse"] for block in reply.content if "toolUse" in block]
            assert uses, "a tool round without tool calls"
            results = [self._run(use, number, calls) for use in uses]
            self._say("user", results)
        raise AssertionError(
            f"no answer after {MODEL_CALLS} model calls: {[c.tool for c in calls]}"
        )

    def _say(self, role: str, content: list[dict[str, Any]]) -> None:
        """Keeps a message as JSON brings it: what is said next shares nothing with it."""
        self.messages.append({"role": role, "content": json.loads(json.dumps(content))})

    def _request(self) -> dict[str, Any]:
        tools = [{"toolSpec": SPECS[name]} for name in SPECS if name in self.offered]
        return {
            "system": [{"text": "The desk's rules."}],
            "messages": list(self.messages),
            "toolConfig": {"tools": tools},
        }

    def _finish(self, content: list[dict[str, Any]], calls: list[Asked]) -> Told:
        text = "".join(block.get("text", "") for block in content)
        outcome = _OUTCOME.search(text)
        assert outcome, f"no outcome line in {text!r}"
        shown = text[: outcome.start()]
        kept = text if self.keep_outcome else shown
        self._say("assistant", [{"text": kept}])
        return Told(text=shown, outcome=outcome[1], calls=tuple(calls))

    def _run(self, use: Mapping[str, Any], number: int, calls: list[Asked]) -> dict[str, Any]:
        name, given = use["name"], use["input"]
        allowed = SPECS[name]["inputSchema"]["json"]["properties"]
        assert set(given) <= set(allowed), f"{name} does not take {set(given) - set(allowed)}"
        result = self._call(name, given)
        calls.append(Asked(round=number, tool=name, input=given, result=result))
        return {
            "toolResult": {
                "toolUseId": use["toolUseId"],
                "status": "error" if "error" in result else "success",
                "content": [{"text": json.dumps(result)}],
            }
        }

    def _call(self, name: str, given: Mapping[str, Any]) -> Result:
        if SYSTEM_OF[name] in self.broken or name in self.broken:
            message = "The system did not answer."
            return {"error": {"kind": "unavailable", "message": message, "retryable": True}}
        return self._functions()[name](**given)

    def _functions(self) -> dict[str, Callable[..., Result]]:
        aurora, catalog = self.aurora, self.catalog
        return {
            "find_customers": aurora.find_customers,
            "list_orders": aurora.list_orders,
            "get_order": aurora.get_order,
            "search_products": aurora.search_products,
            "summarize_orders": aurora.summarize_orders,
            "query_database": aurora.query_database,
            "get_product": catalog.get_product,
            "find_products": catalog.find_products,
            "list_reviews": catalog.list_reviews,
            "get_review": catalog.get_review,
            "rating_summary": catalog.rating_summary,
            "warranty___check_warranty_status": self.warranty.check_warranty_status,
            "warranty___find_warranties": self.warranty.find_warranties,
            "profile___get_customer_profile": self.profiles.get_customer_profile,
            "profile___list_customer_profiles": self.profiles.list_customer_profiles,
            "profile___verify_customer": self.profiles.verify_customer,
            "get_customer_360": self._customer_360,
            "compare_product_records": self._compare,
        }

    def _down(self, system: str) -> bool:
        return system in self.broken

    def _customer_360(self, customer_id: str) -> Result:
        users = self.aurora.find_customers(customer_id)["customers"]
        user = users[0] if users else None
        profile = self.profiles.get_customer_profile(customer_id=customer_id)["profile"]
        orders = self.aurora.list_orders(customer_id=customer_id)
        holder = f"{user['first_name']} {user['last_name']}" if user else ""
        warranties = self.warranty.find_warranties(customer_name=holder) if holder else None
        parts = {"aurora": user, "profile": profile, "catalog": 1, "warranty": warranties}
        shown = {name: None if self._down(name) else part for name, part in parts.items()}
        return {
            "customer_id": customer_id,
            "found": bool(shown["aurora"] or shown["profile"]),
            "customer": shown["aurora"],
            "orders": None if self._down("aurora") else orders,
            "profile": shown["profile"],
            "reviews": shown["catalog"] and self.catalog.list_reviews(customer_id=customer_id),
            "warranties": shown["warranty"],
            "discrepancies": _email_difference(shown["aurora"], shown["profile"]),
            "lifetime": _lifetime(orders, profile)
            if shown["aurora"] and shown["profile"]
            else None,
            "information": [],
            "unavailable": [name for name in parts if self._down(name)],
        }

    def _compare(self, product_id: int) -> Result:
        ours = self.aurora.search_products(str(product_id))["products"]
        theirs = self.catalog.get_product(product_id)["product"]
        one, other = (ours[0] if ours else None), theirs
        differences = [
            {
                "kind": kind,
                "message": f"{key} differs: {one[key]} in Aurora, {other[key]} in the catalogue.",
                "values": {"aurora": one[key], "catalog": other[key]},
            }
            for kind, key in (("stock_differs", "stock_quantity"), ("price_differs", "price"))
            if one and other and str(one[key]) != str(other[key])
        ]
        return {
            "product_id": product_id,
            "found": bool(one or other),
            "aurora": one,
            "catalog": other,
            "discrepancies": differences,
            "information": [] if other else ["This product is not in the catalogue."],
            "unavailable": [],
        }


def _email_difference(user: Any, profile: Any) -> list[Result]:
    if not user or not profile or user["email"].casefold() == profile["email"].casefold():
        return []
    ours, theirs = user["email"], profile["email"]
    values = {"aurora": ours, "profile": theirs}
    return [
        {
            "kind": "email_differs",
            "message": f"The e-mail differs: {ours} in Aurora, {theirs} in the profile.",
            "values": values,
        }
    ]


def _lifetime(orders: Result, profile: Any) -> Result:
    return {
        "orders": orders["total"],
        "orders_total": orders["sum"],
        "profile_total_purchases": profile["total_purchases"],
        "profile_lifetime_value": profile["lifetime_value"],
        "differs": Decimal(orders["sum"]) != Decimal(profile["lifetime_value"]),
        "note": "The profile is kept by another system over a longer time.",
    }
