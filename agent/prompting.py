"""Renders the system prompt from the Markdown files of ``prompts/``, with a hash of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable

from strands.types.content import ContentBlock


@dataclass(frozen=True, slots=True)
class SystemPrompt:
    """The prompt's text and the first 12 hex digits of its SHA-256, which answers carry."""

    text: str
    content_hash: str


def load_system_prompt(folder: Traversable | None = None) -> SystemPrompt:
    """Joins the Markdown files of ``folder`` (default: the package ``prompts``) in name order.

    The text holds nothing that changes between turns, so that a model's prompt cache keeps it.
    """
    where = folder or files("prompts")
    pages = sorted(
        (page for page in where.iterdir() if page.name.endswith(".md")), key=lambda page: page.name
    )
    text = "\n\n".join(page.read_text(encoding="utf-8").strip() for page in pages)
    return SystemPrompt(text, hashlib.sha256(text.encode()).hexdigest()[:12])


def user_content(text: str, today: date) -> list[ContentBlock]:
    """The user message of a turn: the day in a block of its own, then the rep's words."""
    return [{"text": f'<turn today="{today.isoformat()}"/>'}, {"text": text}]
