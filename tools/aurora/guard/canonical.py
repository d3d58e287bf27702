"""Judges one statement and writes it anew: what runs is our text of its tree, never the model's."""

from __future__ import annotations

from typing import Any

import postgast
from google.protobuf.message import DecodeError

from tools.aurora.guard.refusal import Refused
from tools.aurora.guard.scope import check_names
from tools.aurora.guard.tree import check_node, every_node, kind, unwrapped
from tools.aurora.guard.words import check_growth, check_word

# The parser is C and recursive: some tens of kilobytes of flat input end the whole process.
MOST_CHARACTERS = 4000
_LAYOUT = "\t\n\r"


def canonical(sql: str) -> str:
    """The statement as PostgreSQL's own parser writes it, once it is found harmless.

    Args:
        sql: what the model wants to run.

    Returns:
        Text of the same meaning that may be put into a sub-select: one SELECT over views of schema
        ``desk``, without comments, and stable when parsed again.

    Raises:
        Refused: with the rule that it breaks.
    """
    text = _checked_text(sql)
    first = _judged(text)
    if _judged(first) != first:  # parser and writer disagree: whatever it is, it does not run
        raise Refused("syntax")
    return first


def _checked_text(sql: str) -> str:
    if not 0 < len(sql.strip()) <= len(sql) <= MOST_CHARACTERS:
        raise Refused("text")
    if any((ord(sign) < 32 and sign not in _LAYOUT) or 127 <= ord(sign) < 160 for sign in sql):
        raise Refused("text")
    if any(0xD800 <= ord(sign) < 0xE000 for sign in sql):  # half a character
        raise Refused("text")
    return sql


def _judged(sql: str) -> str:
    tree = _parsed(sql)
    if len(tree.stmts) != 1:
        raise Refused("one_select")
    statement = unwrapped(tree.stmts[0].stmt)
    if kind(statement) != "SelectStmt":
        raise Refused("one_select")
    nodes = list(every_node(tree))
    for node in nodes:
        check_node(node)
    for node in nodes:
        check_word(node)
    check_growth(nodes)
    check_names(statement)
    return _written(tree)


def _parsed(sql: str) -> Any:
    try:
        return postgast.parse(sql)
    except (DecodeError, RecursionError):  # nested beyond what the tree's format can hold
        raise Refused("size") from None
    except (postgast.PgQueryError, ValueError):
        raise Refused("syntax") from None


def _written(tree: Any) -> str:
    try:
        return str(postgast.deparse(tree))
    except (postgast.PgQueryError, ValueError):
        raise Refused("syntax") from None
