"""The errors of the desk.

DeskhandError
├── SettingsError            a setting is missing or wrong; names the variable and what to write
└── TurnError                the turn gave no answer; becomes the ``failed`` event
    ├── BadQuestion          the question cannot be taken as it is
    ├── ConversationBusy     another turn of this conversation is running
    ├── ConversationNotFound no such conversation, or it belongs to another rep
    ├── ModelBusy            the model throttled every try
    ├── ModelUnavailable     the model could not be reached, or broke off every try
    ├── ModelRefused         the model's account or request was refused; an operator must act
    ├── TurnTimeout          the turn's time ran out before there was anything to say
    └── InternalFault        a fault of our own
"""

from __future__ import annotations

from typing import ClassVar


class DeskhandError(Exception):
    """Base of every error that Deskhand raises on purpose."""


class SettingsError(DeskhandError):
    """A setting is missing or wrong.

    Args:
        setting: the environment variable's name.
        advice: one sentence that says what to write instead.
    """

    def __init__(self, setting: str, advice: str) -> None:
        super().__init__(f"{setting}: {advice}")
        self.setting = setting
        self.advice = advice


class TurnError(DeskhandError):
    """A turn that gave no answer. The message is a plain sentence for the rep."""

    code: ClassVar[str]
    retryable: ClassVar[bool] = False


class BadQuestion(TurnError):
    """The question is empty, too long, or holds control characters."""

    code = "bad_question"


class ConversationBusy(TurnError):
    """Another turn of this conversation is running."""

    code = "conversation_busy"
    retryable = True


class ConversationNotFound(TurnError):
    """There is no such conversation for this rep."""

    code = "conversation_not_found"


class ModelBusy(TurnError):
    """The model throttled every try."""

    code = "model_busy"
    retryable = True


class ModelUnavailable(TurnError):
    """The model could not be reached, or broke off every try."""

    code = "model_unavailable"
    retryable = True


class ModelRefused(TurnError):
    """The model service refused the request: credentials, access or model id."""

    code = "model_refused"


class TurnTimeout(TurnError):
    """The turn's time ran out before there was anything to say."""

    code = "turn_timeout"
    retryable = True


class InternalFault(TurnError):
    """A fault of our own; the log has the cause under the turn's id."""

    code = "internal"
    retryable = True
