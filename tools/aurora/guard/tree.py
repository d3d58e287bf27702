"""Walks a parse tree by its own description, so that no field of any node is overlooked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tools.aurora.guard import vocabulary
from tools.aurora.guard.refusal import Refused

_MOST_NODES = 1500
_MOST_DEPTH = 60


def children(message: Message) -> Iterator[Message]:
    """The messages directly below one, lists and unnamed fields included."""
    for field, value in message.ListFields():
        if field.type == FieldDescriptor.TYPE_MESSAGE:
            yield from value if field.is_repeated else (value,)


def kind(message: Message) -> str:
    """The name of a node, such as ``SelectStmt``."""
    return str(message.DESCRIPTOR.name)


def unwrapped(message: Message) -> Any:
    """The node inside the envelope that the parser puts around any node.

    Raises:
        Refused: ``construct`` for an envelope with nothing in it.
    """
    while kind(message) == "Node":
        inside = next(children(message), None)
        if inside is None:
            raise Refused("construct")
        message = inside
    return message


def every_node(tree: Message) -> Iterator[Message]:
    """All nodes of a tree, envelopes left out, within the limits of number and depth.

    Raises:
        Refused: ``size``.
    """
    pending = [(tree, 0)]
    seen = 0
    while pending:
        message, depth = pending.pop()
        inner = depth
        if kind(message) != "Node":
            seen, inner = seen + 1, depth + 1
            yield message
        if seen > _MOST_NODES or depth > _MOST_DEPTH:
            raise Refused("size")
        pending.extend((child, inner) for child in children(message))


def check_node(message: Message) -> None:
    """Lets a node through whose name, fields and enumerated values the vocabulary has.

    Raises:
        Refused: ``construct``.
    """
    name = kind(message)
    allowed = vocabulary.NODES.get(name)
    if allowed is None:
        raise Refused("construct")
    for field, value in message.ListFields():
        if field.name in vocabulary.POSITIONS:
            continue
        if field.name not in allowed:
            raise Refused("construct")
        choices = vocabulary.CHOICES.get((name, field.name))
        if choices is not None and field.enum_type.values_by_number[value].name not in choices:
            raise Refused("construct")
