"""The name that PostgreSQL gives to a column without AS."""

from __future__ import annotations

from typing import Any

from tools.aurora.guard.tree import kind, unwrapped

_UNNAMED = "?column?"
_FIXED = {"CoalesceExpr": "coalesce", "A_ArrayExpr": "array"}


def output_name(value: Any) -> str:
    """The name of a column, function, cast or construct, as PostgreSQL's `FigureColname` says."""
    name = kind(value)
    if name in ("ColumnRef", "FuncCall"):
        parts = value.fields if name == "ColumnRef" else value.funcname
        last = unwrapped(parts[-1])
        return str(last.sval) if kind(last) == "String" else _UNNAMED
    if name == "TypeCast":
        inner = output_name(unwrapped(value.arg))
        return inner if inner != _UNNAMED else str(unwrapped(value.type_name.names[-1]).sval)
    return _FIXED.get(name) or _construct(name, value)


def _construct(name: str, value: Any) -> str:
    if name == "CaseExpr":
        default = output_name(unwrapped(value.defresult)) if value.HasField("defresult") else ""
        return default if default not in ("", _UNNAMED) else "case"
    if name == "MinMaxExpr":
        return "greatest" if _choice(value, "op") == "IS_GREATEST" else "least"
    if name == "SQLValueFunction":
        return _choice(value, "op").removeprefix("SVFOP_").removesuffix("_N").lower()
    if name == "A_Expr" and _choice(value, "kind") == "AEXPR_NULLIF":
        return "nullif"
    if name == "SubLink":
        return _sub_select(value)
    return _UNNAMED


def _sub_select(value: Any) -> str:
    if _choice(value, "sub_link_type") == "EXISTS_SUBLINK":
        return "exists"
    targets = unwrapped(value.subselect).target_list
    if _choice(value, "sub_link_type") != "EXPR_SUBLINK" or not targets:
        return _UNNAMED
    target = unwrapped(targets[0])
    return target.name or output_name(unwrapped(target.val))


def _choice(value: Any, field: str) -> str:
    descriptor = value.DESCRIPTOR.fields_by_name[field]
    return str(descriptor.enum_type.values_by_number[getattr(value, field)].name)
