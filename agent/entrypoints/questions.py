"""What an entry point settles before it opens anything: conversation and rep."""

from __future__ import annotations

import getpass
import re
import uuid

from agent.turns import Rep

_CONVERSATION_ID = re.compile(r"[A-Za-z0-9_.:-]{1,256}", re.ASCII)
CONVERSATION_ID_RULE = "1 to 256 letters, digits, dots, colons, hyphens or underscores"


def conversation_problem(conversation_id: str) -> str | None:
    """What is wrong with a conversation's id in one plain sentence, or ``None``."""
    if _CONVERSATION_ID.fullmatch(conversation_id):
        return None
    return f"This is no conversation id: it takes {CONVERSATION_ID_RULE}."


def new_conversation_id() -> str:
    """An id that nobody can guess, long enough for AgentCore's session header."""
    return str(uuid.uuid4())


def rep_at_terminal(configured: str) -> Rep:
    """The rep of a terminal: the operator's setting, else the system's user."""
    if configured:
        return Rep(rep_id=configured, name=configured)
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        user = "rep"
    return Rep(rep_id=user, name=user)
