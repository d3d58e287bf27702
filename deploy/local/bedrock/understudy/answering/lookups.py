"""What the tools have answered in this turn, and what still has to be asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from deploy.local.bedrock.understudy.answering.markdown import safe
from deploy.local.bedrock.understudy.conversation import Call, Result

MOST_CALLS = 12
_SYSTEMS = {
    "find_customers": "aurora", "list_orders": "aurora", "get_order": "aurora",
    "search_products": "aurora", "summarize_orders": "aurora", "query_database": "aurora",
    "get_product": "catalog", "find_products": "catalog", "list_reviews": "catalog",
    "get_review": "catalog", "rating_summary": "catalog",
}  # fmt: skip
SYSTEM_WORDS = {
    "aurora": "Aurora", "catalog": "the catalogue", "warranty": "the warranty system",
    "profile": "the profile system", "local": "the cross-system check",
}  # fmt: skip
_PROFILE = "profile___get_customer_profile"
_SILENT = frozenset({"unavailable", "timeout", "busy", "internal"})


def system_of(tool: str) -> str:
    """The system that a tool asks."""
    return tool.split("___")[0] if "___" in tool else _SYSTEMS.get(tool, "local")


def failed(result: Result) -> bool:
    """Whether a look-up gave no data."""
    return isinstance(result.get("error"), Mapping)


def rows(result: Result | None, key: str) -> list[Mapping[str, Any]]:
    """The rows of a list result; none when it is of another shape."""
    found = result.get(key) if result else None
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def record(result: Result | None, key: str) -> Mapping[str, Any] | None:
    """The one record of a result, when it was found."""
    found = result.get(key) if result else None
    return found if isinstance(found, Mapping) else None


@dataclass(slots=True)
class Lookups:
    """Answers of tools by name and arguments; asking for one that is not there notes it down."""

    schemas: Mapping[str, Mapping[str, Any]]
    calls: Sequence[Call]
    closed: bool = False
    needed: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, Result] = field(init=False)

    def __post_init__(self) -> None:
        latest_first = reversed(self.calls)
        self._answers = {_key(call.name, call.input): call.result for call in latest_first}

    def get(self, tool: str, **given: Any) -> Result | None:
        """The tool's answer; None when it has to be called first."""
        if tool not in self.schemas:
            return self._failure(tool, "not_offered")
        fitted = _fit(given, self.schemas[tool])
        key = _key(tool, fitted)
        if key in self._answers:
            self._note(tool, self._answers[key])
            return self._answers[key]
        full = len(self.calls) + len(self.needed) >= MOST_CALLS
        if self.closed or (full and key not in self.needed):
            return self._failure(tool, "limit")
        self.needed[key] = (tool, fitted)
        return None

    def names(self) -> dict[str, str]:
        """The names of customers that this turn's answers hold, by id."""
        found: dict[str, str] = {}
        for call in self.calls:
            people = [*rows(call.result, "customers"), *rows(call.result, "profiles")]
            people += [p for key in ("profile", "customer") if (p := record(call.result, key))]
            for row in people:
                name = f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
                if name and row.get("customer_id"):
                    found[str(row["customer_id"])] = safe(name)
        return found

    def account(self, identity: str) -> Result | None:
        """A customer's account: from an answer of this turn that holds it, or asked for."""
        for call in self.calls:
            for row in rows(call.result, "customers"):
                if call.name == "find_customers" and str(row.get("customer_id")) == identity:
                    return {"customers": [row]}
        return self.get("find_customers", query=identity)

    def profile(self, identity: str) -> Result | None:
        """A customer's profile: from an answer of this turn that holds it, or asked for."""
        for call in self.calls:
            found = record(call.result, "profile")
            if call.name == _PROFILE and found and str(found.get("customer_id")) == identity:
                return {"found": True, "profile": found}
        return self.get(_PROFILE, customer_id=identity)

    def product(self, identity: str) -> Result | None:
        """A product of Aurora: from an answer of this turn that holds it, or asked for."""
        for call in self.calls:
            for row in rows(call.result, "products"):
                if call.name == "search_products" and str(row.get("product_id")) == identity:
                    return {"products": [row]}
        return self.get("search_products", query=identity)

    def _note(self, tool: str, result: Result) -> None:
        if failed(result):
            found = result["error"]
            self.failures.setdefault(system_of(tool), _sentence(tool, str(found.get("kind"))))

    def _failure(self, tool: str, kind: str) -> Result:
        self.failures.setdefault(system_of(tool), _sentence(tool, kind))
        return {"error": {"kind": kind, "message": "", "retryable": False}}


def _sentence(tool: str, kind: str) -> str:
    system = SYSTEM_WORDS.get(system_of(tool), "a system")
    if kind in _SILENT:
        return f"{system} could not be asked just now"
    if kind == "limit":
        return f"{system} was not asked for the rest: one turn allows {MOST_CALLS} look-ups"
    if kind == "not_offered":
        return f"{system} cannot be asked: I was given no tool for it"
    return f"{system} did not accept this look-up"


def _fit(given: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Only the arguments that the schema has, as the types that it wants."""
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    return {
        name: _typed(name, value, known[name])
        for name, value in given.items()
        if name in known and value is not None and value != ""
    }


def _typed(name: str, value: Any, field_schema: Any) -> Any:
    """The value as text or number; a limit within what is allowed, a text no longer than that."""
    field = field_schema if isinstance(field_schema, Mapping) else {}
    kind = field.get("type")
    if isinstance(value, bool):
        return value
    if kind == "string" or (kind is None and not isinstance(value, int)):
        longest = field.get("maxLength")
        return str(value)[:longest] if isinstance(longest, int) else str(value)
    try:
        number = float(value) if kind == "number" and "." in str(value) else int(value)
    except (ValueError, TypeError):
        return str(value)
    most = field.get("maximum")
    return min(number, most) if name == "limit" and isinstance(most, int) else number


def _key(tool: str, given: Mapping[str, Any]) -> str:
    return f"{tool} {json.dumps(given, sort_keys=True, default=str)}"
