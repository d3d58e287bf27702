"""For whom the desk works just now: its tools are told, by facts and not by words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

import httpx2

from agent.turns import Rep

REP_HEADER = "x-deskhand-rep"
ROLE_HEADER = "x-deskhand-role"

_rep: ContextVar[Rep | None] = ContextVar("acting_for", default=None)


@contextmanager
def acting_for(rep: Rep | None) -> Iterator[None]:
    """Meanwhile, and in tasks that are begun meanwhile, the desk works for this rep, if any."""
    _rep.set(rep)
    try:
        yield
    finally:
        _rep.set(None)  # not reset: whoever closes the turn may be in another context


async def name_rep(request: httpx2.Request) -> None:
    """Puts the verified rep on a request to a system; neither model nor client can write it."""
    rep = _rep.get()
    for name in (REP_HEADER, ROLE_HEADER):
        request.headers.pop(name, None)
    if rep is not None:
        request.headers[REP_HEADER] = quote(rep.rep_id, safe="@.:-_")
        request.headers[ROLE_HEADER] = rep.role
