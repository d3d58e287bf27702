"""Newest reviews first out of several queries at once, page by page."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tools.catalog.cursor import END, Position
from tools.dynamo import Store
from tools.queries import Query
from tools.records import Item, plain

# A filter drops items after they were read, so a page is read in larger pieces, and not for ever.
_FILTERED_READ = 500
_FILTERED_READS = 6

Start = Position | str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of items, where each query goes on, and whether there is anything left."""

    items: list[Item]
    positions: tuple[Start, ...]

    @property
    def truncated(self) -> bool:
        """Whether there is more behind this page."""
        return any(position != END for position in self.positions)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one query gave: items, and where it goes on when all of them are shown."""

    start: Start
    items: list[Item]
    after: Start


async def newest(
    store: Store, queries: Sequence[Query], positions: Sequence[Start], limit: int
) -> Listing:
    """The newest ``limit`` items of all queries together, each query sorted by ``created_at``."""
    pieces = await asyncio.gather(
        *(
            asyncio.to_thread(_fetch, store, query, start, limit)
            for query, start in zip(queries, positions, strict=True)
        )
    )
    merged = heapq.merge(*map(_numbered, range(len(pieces)), pieces), key=_age, reverse=True)
    shown = [numbered for numbered, _ in zip(merged, range(limit), strict=False)]
    after = [
        _after(piece, [number for number, _ in shown].count(n)) for n, piece in enumerate(pieces)
    ]
    return Listing([item for _, item in shown], tuple(after))


def _fetch(store: Store, query: Query, start: Start, limit: int) -> _Piece:
    """One item more than asked for tells whether there is a next page."""
    if isinstance(start, str):
        return _Piece(start, [], END)
    found: list[Item] = []
    position = start
    for _ in range(_FILTERED_READS if query.filters else 1):
        size = _FILTERED_READ if query.filters else limit + 1
        page = store.query(query, limit=size, start=_key(query, position))
        found += page.items
        position = _position(page.next_key) if page.next_key else None
        if position is None or len(found) > limit:
            break
    return _Piece(start, found, END if position is None else position)


def _after(piece: _Piece, shown: int) -> Start:
    if shown == len(piece.items):
        return piece.after
    return _position(piece.items[shown - 1]) if shown else piece.start


def _key(query: Query, position: Position | None) -> dict[str, Any] | None:
    if position is None:
        return None
    partition = query.keys[0]
    created_at, review_id = position
    return {
        partition.attribute: partition.values[0],
        "created_at": created_at,
        "review_id": review_id,
    }


def _position(item: Item) -> Position:
    return plain(item["created_at"]), plain(item["review_id"])


def _numbered(number: int, piece: _Piece) -> Iterator[tuple[int, Item]]:
    return ((number, item) for item in piece.items)


def _age(numbered: tuple[int, Item]) -> str:
    created_at: str = plain(numbered[1]["created_at"])
    return created_at
