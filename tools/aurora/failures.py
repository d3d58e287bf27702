"""What PostgreSQL and its driver report, translated at the edge into failures a model may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tools.contract import ErrorKind, ToolFailure

_SENTENCES: dict[ErrorKind, str] = {
    "unavailable": "The order database (aurora) cannot be reached at the moment.",
    "busy": "The order database (aurora) is busy; try again in a moment.",
    "timeout": "The order database (aurora) took too long to answer; ask for less at once.",
    "invalid_input": "The order database (aurora) does not accept one of the values given.",
    "internal": "The order database (aurora) could not answer: a fault in its set-up.",
}

# By SQLSTATE, the longest prefix first: a whole code, its first three signs, its class.
_KINDS: dict[str, ErrorKind] = {
    "57014": "timeout",  # statement_timeout
    "25P03": "timeout",  # idle_in_transaction_session_timeout
    "55P03": "busy",  # lock_timeout
    "57P": "unavailable",  # shutting down or starting up
    "08": "unavailable",  # connection
    "28": "unavailable",  # login
    "40": "busy",  # serialisation, deadlock
    "53": "busy",  # too many connections, out of memory, disk full
    "58": "unavailable",  # the server's own disk
    "22": "invalid_input",  # a value that does not fit
}


def failure(kind: ErrorKind) -> ToolFailure:
    """The failure of a kind with its fixed sentence."""
    return ToolFailure(kind, _SENTENCES[kind], retryable=kind in ("unavailable", "busy"))


def kind_of(error: psycopg.Error) -> ErrorKind:
    """The kind of a driver's error, by its SQLSTATE and never by its text."""
    state = error.sqlstate
    if state is None:
        # The driver's own: a broken connection, or a value that it cannot send.
        return "unavailable" if isinstance(error, psycopg.OperationalError) else _kind_unsent(error)
    for length in (5, 3, 2):
        if kind := _KINDS.get(state[:length]):
            return kind
    return "internal"


@contextmanager
def translated() -> Iterator[None]:
    """Turns the driver's errors into failures; their text, which may hold data, ends here."""
    try:
        yield
    except psycopg.Error as error:
        raise failure(kind_of(error)) from None


def _kind_unsent(error: psycopg.Error) -> ErrorKind:
    return "invalid_input" if isinstance(error, psycopg.DataError) else "internal"
