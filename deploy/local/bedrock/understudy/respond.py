"""The understudy: one Converse request in, tool calls or an answer out, by rules alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deploy.local.bedrock.understudy.answering.answering import answer_all, outcome_of, text_of
from deploy.local.bedrock.understudy.answering.drafting import with_draft
from deploy.local.bedrock.understudy.answering.lookups import Lookups
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.talking import talk
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Context
from deploy.local.bedrock.understudy.asking.drafting import as_asked, wants_draft
from deploy.local.bedrock.understudy.asking.understanding import Understood, understand
from deploy.local.bedrock.understudy.conversation import (
    Turn,
    read_conversation,
    since_question,
    with_calls,
)
from deploy.local.bedrock.understudy.remembering import remember
from deploy.local.bedrock.understudy.reply import Block, Reply, tokens_of

MOST_ROUNDS = 6
REMEMBERED_TURNS = 12


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a conversation says up to its last question, whatever happened since."""

    turn: Turn
    context: Context
    understood: Understood
    schemas: Mapping[str, Mapping[str, Any]]
    drafts: bool


def respond(request: Mapping[str, Any]) -> Reply:
    """Answers a Converse request: pure, and the same for the same request."""
    since = since_question(request)
    keys = sorted(request, key="messages".__eq__)
    said = json.dumps({key: request[key] for key in keys}, default=str)
    size = len(said)
    asked = _asked(_without_last(said, since))
    if asked is None:
        return _final([talk("empty", "")], Work(Lookups({}, ()), Context(), ()), size)
    now = with_calls(asked.turn, since)
    work, done = _work(now, asked, closed=now.rounds >= MOST_ROUNDS)
    if work.look.needed:
        return _calls(work.look, now, size)
    return _final(done or [talk("unclear", "")], work, size, drafts=asked.drafts)


def _without_last(said: str, since: Sequence[Any]) -> str:
    """The text of a request, which ends with its messages, without the last ones of them."""
    if not since:
        return said
    return said[: -len(json.dumps(since, default=str))].removesuffix(", ") + "]}"


@lru_cache(maxsize=64)
def _asked(said: str) -> _Asked | None:
    """Reads a conversation up to its last question once: every round of a turn brings it again."""
    conversation = read_conversation(json.loads(said))
    if not conversation.turns:
        return None
    drafts = wants_draft(conversation.turns[-1].text)
    context, turns = Context(), as_asked(conversation.turns)[-REMEMBERED_TURNS - 1 :]
    for turn in turns:
        understood = understand(turn.text, turn.today, context)
        asked = _Asked(turn, context, understood, conversation.schemas, drafts)
        if turn is not turns[-1]:
            _, sections = _work(turn, asked, closed=True)
            context = remember(context, understood, sections or [])
    return asked


def _work(turn: Turn, asked: _Asked, *, closed: bool) -> tuple[Work, list[Section] | None]:
    understood = asked.understood
    look = Lookups(schemas=asked.schemas, calls=turn.calls, closed=closed)
    work = Work(look, asked.context, understood.asks)
    if understood.talk:
        return work, [talk(understood.talk, understood.detail)]
    return work, answer_all(work, understood.asks)


def _calls(look: Lookups, turn: Turn, size: int) -> Reply:
    content: list[Block] = [
        {"toolUse": {"toolUseId": _identity(turn, tool, given), "name": tool, "input": given}}
        for tool, given in look.needed.values()
    ]
    return Reply(content, "tool_use", tokens_of(size), tokens_of(len(json.dumps(content))))


def _identity(turn: Turn, tool: str, given: Mapping[str, Any]) -> str:
    said = json.dumps([turn.text, turn.rounds, tool, given], sort_keys=True, default=str)
    return f"understudy_{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _final(sections: Sequence[Section], work: Work, size: int, *, drafts: bool = False) -> Reply:
    look, names = work.look, work.look.names()
    text, outcome = text_of(sections, list(look.failures.values())), outcome_of(sections)
    if drafts and outcome == "answered":
        spoken_of = work.context.recent.get("customer", ())
        known = {one.value: one.name for one in spoken_of if one.name}
        text = with_draft(text, look.calls, names, {**work.context.names, **known, **names})
    text = f"{text}\n<outcome>{outcome}</outcome>"
    return Reply([{"text": text}], "end_turn", tokens_of(size), tokens_of(len(text)))
