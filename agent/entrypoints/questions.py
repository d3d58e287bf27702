"""What an entry point checks of a question before it opens anything: text, conversation, rep."""

from __future__ import annotations

import getpass
import re
import unicodedata
import uuid
from collections.abc import Mapping

from agent.turns import Rep

MOST_CHARACTERS = 8000
_CONVERSATION_ID = re.compile(r"[A-Za-z0-9_.:-]{1,256}", re.ASCII)
CONVERSATION_ID_RULE = "1 to 256 letters, digits, dots, colons, hyphens or underscores"


def text_problem(text: str, *, most: int = MOST_CHARACTERS) -> str | None:
    """What is wrong with a question's text in one plain sentence, or ``None``."""
    if not text.strip():
        return "The question is empty. Write what you want to know."
    if len(text) > most:
        return (
            f"The question has {len(text):,} characters; at most {most:,} fit."
            " Shorten it, or ask in several questions."
        )
    if any(
        unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in text
    ):
        return "The question holds control characters or broken text. Type it again as plain text."
    return None


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


def rep_of(request_headers: Mapping[str, str], *, configured: str = "") -> Rep:
    """The rep behind a request.

    The one place that decides who asks over HTTP. Headers and payload can be forged, so nothing of
    them is believed: until tokens are verified here, it is the rep of the process.
    """
    del request_headers
    return rep_at_terminal(configured)
