"""Stored conversations in DynamoDB: one turn at a time, saved as one whole or not at all.

A conversation is one ``head`` item (owner, title, count, lock) and one item for each turn. The
lock is renewed while the turn runs and holds over processes.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from strands.types.content import Message

from agent.conversation_lock import BUSY, ConversationLock
from agent.conversation_table import (
    ConversationTable,
    StoreUnavailable,
    as_unavailable,
    head_key,
)
from agent.errors import BadQuestion, ConversationBusy
from agent.stored_conversations import StoredConversations
from agent.stored_turns import OpenTurn, StoredTurn, turn_item, window_start

_RECENT = 64
_MOST_UNSAVED = 1000
_MOST_AT_ONCE = 10  # turns in one transaction, which takes 4 MB
_LEAST_RENEW_SECONDS = 0.2
Returned = TypeVar("Returned")


class Conversations(StoredConversations):
    """Takes up, locks and saves conversations; what a rep does with them otherwise is inherited.

    Args:
        client: a boto3 DynamoDB client; its calls run on the loop's executor.
        table: the table's name.
        lease_seconds: after this long a lock of a process that died is free again.
        now: the wall clock.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        lease_seconds: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        stored = ConversationTable(client, table)
        super().__init__(stored, ConversationLock(stored, seconds=lease_seconds, now=now))
        self._now = now
        self._unfinished: set[asyncio.Task[Any]] = set()
        self._running: dict[tuple[str, str], str] = {}
        self._recent: OrderedDict[
            tuple[str, str], tuple[Sequence[Message], Sequence[StoredTurn]]
        ] = OrderedDict()

    @asynccontextmanager
    async def turn(
        self, rep_id: str, conversation_id: str, *, replaces: str | None = None
    ) -> AsyncIterator[OpenTurn]:
        """Takes the conversation's lock and loads its history; gives the lock back at the end.

        While the table is down the turn goes on with what this process remembers, unstored.

        Args:
            replaces: the last turn, whose place the new one takes when it is saved.

        Raises:
            BadQuestion: the turn that it replaces is not the last one.
            ConversationBusy: another turn holds the lock.
            ConversationNotFound: the conversation belongs to another rep.
        """
        owner = uuid.uuid4().hex
        if self._running.setdefault((rep_id, conversation_id), owner) != owner:
            raise ConversationBusy(BUSY)  # also while the table, which has the lock, is down
        try:
            async with self._locked(rep_id, conversation_id, owner, replaces) as opened:
                yield opened
        finally:
            self._end(rep_id, conversation_id, owner)

    @asynccontextmanager
    async def _locked(
        self, rep_id: str, conversation_id: str, owner: str, replaces: str | None
    ) -> AsyncIterator[OpenTurn]:
        remembered, unsaved = self._recent.get((rep_id, conversation_id), ([], []))
        try:
            opened = await self._begin(rep_id, conversation_id, owner, unsaved, replaces)
        except StoreUnavailable:
            if replaces:
                raise BadQuestion(
                    "A question can be asked anew only while its conversation can be read."
                ) from None
            opened = OpenTurn(
                conversation_id, rep_id, owner, False, 0, 1, list(remembered), list(unsaved)
            )
        renewing = self._kept(self._renew(opened)) if opened.stored else None
        try:
            yield opened
        finally:
            if renewing is not None:
                renewing.cancel()
            if opened.stored and not opened.saved:
                await asyncio.shield(self._kept(self._lock.give_back(conversation_id, owner)))

    async def save(self, opened: OpenTurn, turn: StoredTurn) -> bool:
        """Stores the turn as one whole, and before it earlier ones that could not be stored.

        Returns:
            Whether it is stored. If not, this process remembers it for the next turn.
        """
        pending = [*opened.unsaved, turn]
        messages = [*opened.history, *turn.messages]
        try:
            if not opened.stored:
                raise StoreUnavailable
            async with opened.writing:
                for start in range(0, len(pending), _MOST_AT_ONCE):
                    rest = pending[start:]
                    await self._write(opened, rest[:_MOST_AT_ONCE], last=len(rest) <= _MOST_AT_ONCE)
                opened.saved = True
            self._remember(opened, messages, [])
        except StoreUnavailable:
            self._remember(opened, messages, pending)
        # Whoever has the answer may ask on, before this turn is left.
        self._end(opened.rep_id, opened.conversation_id, opened.owner)
        return opened.saved

    def _end(self, rep_id: str, conversation_id: str, owner: str) -> None:
        if self._running.get((rep_id, conversation_id)) == owner:
            del self._running[rep_id, conversation_id]

    async def _begin(
        self,
        rep_id: str,
        conversation_id: str,
        owner: str,
        unsaved: Sequence[StoredTurn],
        replaces: str | None,
    ) -> OpenTurn:
        """Lock and history; a caller who is cancelled meanwhile leaves no lock behind."""

        async def begin() -> OpenTurn:
            head = await self._lock.take(rep_id, conversation_id, owner)
            opened = await self._load(rep_id, conversation_id, owner, head, unsaved)
            return _with_unsaved(opened, replaces)

        def give_back(begun: asyncio.Task[OpenTurn]) -> None:
            if not begun.cancelled():
                begun.exception()  # nobody waits for it any more
            self._kept(self._lock.give_back(conversation_id, owner))

        work = self._kept(begin())
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(give_back)
            raise
        except StoreUnavailable:
            # The lock may have been taken by a request whose answer was lost.
            give_back(work)
            raise
        except BadQuestion:  # whoever is refused may ask something else at once
            await asyncio.shield(self._kept(self._lock.give_back(conversation_id, owner)))
            raise

    def _kept(self, work: Coroutine[Any, Any, Returned]) -> asyncio.Task[Returned]:
        """A task that ends by itself, even when nobody waits for it any more."""
        task = asyncio.create_task(work)
        self._unfinished.add(task)
        task.add_done_callback(self._unfinished.discard)
        return task

    async def _load(
        self,
        rep_id: str,
        conversation_id: str,
        owner: str,
        head: dict[str, Any],
        unsaved: Sequence[StoredTurn],
    ) -> OpenTurn:
        turns = int(head["turns"]["N"])
        window = int(head.get("window", {"N": "1"})["N"])
        found = await self._table.turns(conversation_id, window, shown=False) if turns else []
        window = window_start(found, window)
        known = {turn.turn_id for _, turn in found}  # stored by a request whose answer was lost
        return OpenTurn(
            conversation_id,
            rep_id,
            owner,
            True,
            turns,
            window,
            [message for number, turn in found if number >= window for message in turn.messages],
            unsaved=[turn for turn in unsaved if turn.turn_id not in known],
            last=found[-1][1] if found else None,
            titled="titled" in head,
        )

    async def _write(self, opened: OpenTurn, pending: Sequence[StoredTurn], *, last: bool) -> None:
        """Stores turns in one transaction, which gives the lock back with the last of them."""
        puts = [
            {
                "Put": {
                    "TableName": self._table.name,
                    "Item": turn_item(opened.conversation_id, opened.turns + place, turn),
                }
            }
            for place, turn in enumerate(pending, start=1)
        ]
        anew = opened.turns == 0 and not opened.titled
        title = ":title" if anew else "if_not_exists(title, :title)"
        head = {
            "TableName": self._table.name,
            "Key": head_key(opened.conversation_id),
            "UpdateExpression": "SET turns = :turns, #window = :window, updated_at = :now,"
            f" title = {title}" + (" REMOVE lock_owner, lock_until" if last else ""),
            "ConditionExpression": "lock_owner = :owner",
            "ExpressionAttributeNames": {"#window": "window"},
            "ExpressionAttributeValues": {
                ":turns": {"N": str(opened.turns + len(pending))},
                ":window": {"N": str(opened.window)},
                ":now": {"S": self._now().isoformat(timespec="seconds")},
                ":title": {"S": pending[0].question[:80]},
                ":owner": {"S": opened.owner},
            },
        }
        with as_unavailable():
            await self._table.call_raw(
                "transact_write_items", TransactItems=[*puts, {"Update": head}]
            )
        opened.turns += len(pending)

    async def _renew(self, opened: OpenTurn) -> None:
        """Keeps the lock for as long as the turn takes, in a process that lives."""
        while True:
            await asyncio.sleep(max(self._lock.seconds / 3, _LEAST_RENEW_SECONDS))
            async with opened.writing:
                if opened.saved:
                    return
                with suppress(StoreUnavailable):
                    if not await self._lock.renewed(opened.conversation_id, opened.owner):
                        return

    async def delete(self, rep_id: str, conversation_id: str) -> None:
        """Deletes a conversation, also from this process's memory."""
        await super().delete(rep_id, conversation_id)
        self._recent.pop((rep_id, conversation_id), None)

    def _remember(
        self, opened: OpenTurn, messages: Sequence[Message], unsaved: Sequence[StoredTurn]
    ) -> None:
        key = (opened.rep_id, opened.conversation_id)
        self._recent[key] = (messages, unsaved)
        self._recent.move_to_end(key)
        saved = [key for key, (_, unsaved) in self._recent.items() if not unsaved]
        for oldest in saved[: max(0, len(self._recent) - _RECENT)]:
            del self._recent[oldest]
        while len(self._recent) > _MOST_UNSAVED:
            self._recent.popitem(last=False)


def _with_unsaved(opened: OpenTurn, replaces: str | None) -> OpenTurn:
    """The turn with what could not be stored before it, and without the turn that it replaces."""
    kept = opened.unsaved
    if replaces is not None:
        last = kept[-1] if kept else opened.last
        if last is None or last.turn_id != replaces:
            raise BadQuestion("Only the last question of a conversation can be asked anew.")
        if kept:
            kept.pop()
        else:
            opened.turns -= 1
            opened.window = min(opened.window, opened.turns + 1)
            del opened.history[len(opened.history) - len(last.messages) :]
    opened.history += [message for turn in kept for message in turn.messages]
    return opened
