"""Checks what does not depend on tables: functions, operators, types and the shape of joins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from google.protobuf.message import Message

from tools.aurora.guard import vocabulary
from tools.aurora.guard.refusal import Reason, Refused
from tools.aurora.guard.tree import every_node, kind, unwrapped

# Text doubles with each `||` of nested selects: ten of them make a thousandfold, forty a disaster.
_MOST_JOININGS = 10
_MOST_GROWING = 2


def check_word(node: Any) -> None:
    """Lets a node through whose function, operator, type or join the vocabulary has.

    Raises:
        Refused: naming the kind of word.
    """
    check = _CHECKS.get(kind(node))
    if check is not None:
        check(node)


def check_growth(nodes: Iterable[Any]) -> None:
    """Refuses what makes values of any size: texts joined to themselves, arrays of arrays.

    Raises:
        Refused: ``size``.
    """
    joinings = growing = 0
    for node in nodes:
        if kind(node) == "A_Expr":
            joinings += _names(node.name)[-1:] == ["||"]
        elif kind(node) == "FuncCall":
            function = _names(node.funcname)[-1]
            joinings += len(node.args) if function in vocabulary.JOINING_FUNCTIONS else 0
            growing += function in vocabulary.GROWING_AGGREGATES
    if joinings > _MOST_JOININGS or growing > _MOST_GROWING:
        raise Refused("size")


def function_name(call: Any) -> str:
    """The bare name of a function that may be called.

    Raises:
        Refused: ``function``.
    """
    return _listed(call.funcname, vocabulary.FUNCTIONS, "function")


def _check_function(call: Any) -> None:
    name = function_name(call)
    # substring(text FROM text) is a regular expression; only positions are let through.
    if name == "substring" and not all(_is_whole_number(argument) for argument in call.args[1:]):
        raise Refused("function")


def _check_operator(expression: Any) -> None:
    names = _names(expression.name)
    # One part: a qualified operator could be somebody's own.
    if len(names) != 1 or names[0] not in vocabulary.OPERATORS:
        raise Refused("operator")


def _check_type(type_name: Any) -> None:
    _listed(type_name.names, vocabulary.TYPES, "type")
    if not all(_is_whole_number(modifier) for modifier in type_name.typmods):
        raise Refused("type")


def _check_relation(relation: Any) -> None:
    if not relation.inh or relation.relpersistence != "p":  # ONLY, or a temporary table
        raise Refused("construct")


def _check_select(select: Any) -> None:
    if len(select.from_clause) > 1:  # a comma is a join without a condition
        raise Refused("join")


def _check_join(join: Any) -> None:
    if len(join.using_clause) > 0:
        return
    right = unwrapped(join.rarg)
    if kind(right) == "RangeSubselect" and right.lateral:
        return  # it has its condition inside
    if not join.HasField("quals") or not any(map(_compares_columns, every_node(join.quals))):
        raise Refused("join")


def _compares_columns(node: Any) -> bool:
    return (
        kind(node) == "A_Expr"
        and _names(node.name)[0] in vocabulary.COMPARISONS
        and _has_column(node.lexpr)
        and _has_column(node.rexpr)
    )


def _has_column(message: Message) -> bool:
    return any(kind(node) == "ColumnRef" for node in every_node(message))


def _listed(parts: Sequence[Any], allowed: frozenset[str], reason: Reason) -> str:
    names = _names(parts)
    if len(names) == 2 and names[0] == "pg_catalog":
        names = names[1:]
    if len(names) != 1 or names[0] not in allowed:
        raise Refused(reason)
    return names[0]


def _names(parts: Sequence[Any]) -> list[str]:
    nodes = [unwrapped(part) for part in parts]
    if not all(kind(node) == "String" for node in nodes):
        raise Refused("construct")
    return [str(node.sval) for node in nodes]


def _is_whole_number(message: Message) -> bool:
    node = unwrapped(message)
    return kind(node) == "A_Const" and node.HasField("ival")


_CHECKS: dict[str, Callable[[Any], None]] = {
    "FuncCall": _check_function,
    "A_Expr": _check_operator,
    "TypeName": _check_type,
    "RangeVar": _check_relation,
    "SelectStmt": _check_select,
    "JoinExpr": _check_join,
}
