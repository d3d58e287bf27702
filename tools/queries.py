"""What can be asked of DynamoDB, as data: conditions on an index, and the request they become.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tools.records import attribute

Operator = Literal["=", ">", "<=", ">=", "between", "begins_with"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison of an attribute with fixed values: in a key condition or in a filter."""

    attribute: str
    operator: Operator
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What to read from one index of one table, and which attributes of it."""

    table: str
    index: str
    keys: tuple[Condition, ...]
    attributes: tuple[str, ...]
    filters: tuple[Condition, ...] = ()
    newest_first: bool = False


def equals(attribute_name: str, value: Any) -> Condition:
    """The attribute has this value."""
    return Condition(attribute_name, "=", (value,))


def begins(attribute_name: str, text: str) -> Condition:
    """The attribute begins with this text."""
    return Condition(attribute_name, "begins_with", (text,))


def between(attribute_name: str, low: Any, high: Any) -> Condition:
    """The attribute lies between the two values, both included."""
    return Condition(attribute_name, "between", (low, high))


class Expression:
    """Placeholders for names and values: none is a reserved word or syntax."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, name: str) -> str:
        """The placeholder of one attribute name."""
        return self._names.setdefault(name, f"#n{len(self._names)}")

    def names(self, names: Sequence[str]) -> str:
        """A projection of these attributes."""
        return ", ".join(self.name(name) for name in names)

    def all_of(self, conditions: Sequence[Condition]) -> str:
        """All conditions at once."""
        return " AND ".join(self._condition(condition) for condition in conditions)

    def parameters(self) -> dict[str, Any]:
        """What the placeholders stand for, as the request wants it."""
        names = {placeholder: name for name, placeholder in self._names.items()}
        values = {"ExpressionAttributeValues": self._values} if self._values else {}
        return {"ExpressionAttributeNames": names, **values}

    def _condition(self, condition: Condition) -> str:
        name = self.name(condition.attribute)
        values = [self._value(value) for value in condition.values]
        match condition.operator:
            case "begins_with":
                return f"begins_with({name}, {values[0]})"
            case "between":
                return f"{name} BETWEEN {values[0]} AND {values[1]}"
        return f"{name} {condition.operator} {values[0]}"

    def _value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = attribute(value)
        return placeholder


def request_of(query: Query, expression: Expression) -> dict[str, Any]:
    """Table, index and conditions of a query as a request; the expression keeps placeholders."""
    request: dict[str, Any] = {
        "TableName": query.table,
        "IndexName": query.index,
        "KeyConditionExpression": expression.all_of(query.keys),
    }
    if query.filters:
        request["FilterExpression"] = expression.all_of(query.filters)
    return request
