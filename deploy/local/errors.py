"""What can go wrong with the local stack, in words for the person at the terminal.

StackError        the stack cannot be started or has gone
└── StateError    its folder cannot be used
"""

from __future__ import annotations


class StackError(Exception):
    """The local stack cannot be started or has gone; the message says why and what to do."""


class StateError(StackError):
    """The state folder cannot be used; the message says why and what to do."""
