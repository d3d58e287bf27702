"""Deskhand: answers a support rep's questions out of systems that do not know each other.

Names are imported when they are first used: a command that only prints its help, or only finds
the local stack, does not wait for the agent framework.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.bootstrap import open_desk
    from agent.conversation_table import StoreUnavailable
    from agent.conversations import Conversations
    from agent.desk import Desk
    from agent.errors import DeskhandError, SettingsError, TurnError
    from agent.settings import Settings
    from agent.stored_conversations import ConversationSummary
    from agent.stored_turns import StoredTurn
    from agent.system_check import SystemCheck
    from agent.systems import offered_tools
    from agent.turns import (
        TURN_EVENT,
        Answer,
        Answered,
        Failed,
        Outcome,
        Question,
        Rep,
        Reset,
        TextDelta,
        ToolCall,
        ToolFinished,
        ToolStarted,
        TurnEvent,
        Usage,
    )

_TURNS = (
    "TURN_EVENT Answer Answered Failed Outcome Question Rep Reset TextDelta ToolCall ToolFinished"
    " ToolStarted TurnEvent Usage"
)
_MODULES = {
    "agent.bootstrap": "open_desk",
    "agent.conversation_table": "StoreUnavailable",
    "agent.conversations": "Conversations",
    "agent.desk": "Desk",
    "agent.errors": "DeskhandError SettingsError TurnError",
    "agent.settings": "Settings",
    "agent.stored_conversations": "ConversationSummary",
    "agent.stored_turns": "StoredTurn",
    "agent.system_check": "SystemCheck",
    "agent.systems": "offered_tools",
    "agent.turns": _TURNS,
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = [
    "TURN_EVENT",
    "Answer",
    "Answered",
    "ConversationSummary",
    "Conversations",
    "Desk",
    "DeskhandError",
    "Failed",
    "Outcome",
    "Question",
    "Rep",
    "Reset",
    "Settings",
    "SettingsError",
    "StoreUnavailable",
    "StoredTurn",
    "SystemCheck",
    "TextDelta",
    "ToolCall",
    "ToolFinished",
    "ToolStarted",
    "TurnError",
    "TurnEvent",
    "Usage",
    "offered_tools",
    "open_desk",
]


def __getattr__(name: str) -> Any:
    """Imports a public name from the module it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module 'agent' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
