"""What PostgreSQL says to a free SELECT, as fixed sentences: its own texts carry stored values."""

from __future__ import annotations

import psycopg

from tools.aurora.failures import failure, kind_of
from tools.aurora.guard.refusal import SENTENCES
from tools.contract import ToolFailure

_FAILED = "The statement failed; write it differently or use another tool."

# By SQLSTATE: a whole code, else its class.
_MISTAKES = {
    "22P02": "A value cannot be read as the type it is cast to.",
    "22007": "A date or time cannot be read; write it as '2024-01-31'.",
    "22008": "A date or time is out of range.",
    "22012": "The statement divides by zero; use nullif(…, 0).",
    "22003": "A number is out of range.",
    "42703": SENTENCES["column"],
    "42P01": SENTENCES["relation"],
    "42702": "A column name fits two tables; write the table before it.",
    "42803": "A column outside an aggregate must be in GROUP BY.",
    "42804": "Types do not fit together; cast one of them.",
    "42846": "A value cannot be cast to that type.",
    "42883": "There is no such function or operator for these types; cast a value.",
    "42601": SENTENCES["syntax"],
    "21000": "A sub-select that stands for one value gave several rows.",
    "54": "The statement is too complex or its result too large.",
    "53200": "The statement needs too much memory.",
    "53400": "The statement needs too much disk; narrow it.",
}
_REFUSED = {"42501": SENTENCES["relation"], "25006": SENTENCES["one_select"]}
_TOO_SLOW = "The statement took too long; narrow it by customer, status or date."


def select_failure(error: psycopg.Error) -> ToolFailure:
    """The failure that a model may read of an error of its own statement."""
    state = error.sqlstate or ""
    if state in _REFUSED:
        return ToolFailure("refused", _REFUSED[state])
    mistake = _MISTAKES.get(state) or _MISTAKES.get(state[:2])
    if mistake is not None:
        return ToolFailure("invalid_input", mistake)
    kind = kind_of(error)
    if kind == "timeout":
        return ToolFailure("timeout", _TOO_SLOW)
    if kind in ("unavailable", "busy"):
        return failure(kind)
    return ToolFailure("invalid_input", _FAILED)
