"""Model calls on tape: recorded once, replayed without any model, and a miss is an error."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from evals.scope import Scope, current_scope

Mode = Literal["record", "replay"]
Events = list[dict[str, Any]]


class CassetteMiss(Exception):
    """A model call that is not on the tape."""


class CassetteError(Exception):
    """A tape that cannot be read or written; the message says which file and why."""


class Cassette:
    """A folder with one file of JSON lines for each case.

    A call is known by the hash of its request (model, configuration, system prompt, messages,
    tools, tool choice), by case and trial, and by how often the trial has made the very same call
    before. Ids that differ from run to run are no part of it.
    """

    def __init__(self, folder: Path, mode: Mode) -> None:
        self.mode = mode
        self._folder = folder
        self._tapes: dict[str, dict[str, Events]] = {}
        self._made: Counter[tuple[str, int, str]] = Counter()
        self._lock = threading.Lock()
        if mode == "replay" and not folder.is_dir():
            raise CassetteError(f"{folder}: there is no such folder of recorded model calls")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as wrong:
            raise CassetteError(f"{folder}: {wrong.strerror}") from None

    def client(self, client: Any) -> TapedClient:
        """A client of Bedrock Runtime that records, or asks the tape instead of the service."""
        return TapedClient(client, self)

    def place(self, scope: Scope, request: Mapping[str, Any]) -> str:
        """The key of a call that is about to be made."""
        wanted = request_hash(request)
        with self._lock:
            self._made[scope.case, scope.trial, wanted] += 1
            return f"{wanted}/{scope.trial}/{self._made[scope.case, scope.trial, wanted]}"

    def find(self, scope: Scope, place: str) -> Events:
        """The recorded answer.

        Raises:
            CassetteMiss: there is none; the trial cannot be judged.
        """
        with self._lock:
            if scope.case not in self._tapes:
                self._tapes[scope.case] = self._read(scope.case)
            events = self._tapes[scope.case].get(place)
        if events is None:
            miss = f"a model call of the case {scope.case!r} is not on the tape"
            scope.troubles.append(miss)
            raise CassetteMiss(miss)
        return events

    def keep(self, scope: Scope, place: str, events: Events) -> None:
        """Writes an answer down; the first of a case begins its file anew."""
        line = json.dumps({"call": place, "events": events}, ensure_ascii=False) + "\n"
        with self._lock:
            first = scope.case not in self._tapes
            self._tapes.setdefault(scope.case, {})
            with self._file(scope.case).open("w" if first else "a", encoding="utf-8") as tape:
                tape.write(line)

    def _read(self, case: str) -> dict[str, Events]:
        path = self._file(case)
        if not path.exists():
            return {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            read = [json.loads(line) for line in lines]
            return {line["call"]: line["events"] for line in read}
        except (OSError, ValueError, KeyError, TypeError) as wrong:
            raise CassetteError(f"{path}: is no recording: {wrong}") from None

    def _file(self, case: str) -> Path:
        return self._folder / f"{case}.jsonl"


class TapedClient:
    """Stands before the client of Bedrock Runtime."""

    def __init__(self, client: Any, cassette: Cassette) -> None:
        self._client = client
        self._cassette = cassette

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        """The answer of the service or of the tape."""
        scope = current_scope()
        if scope is None:
            raise CassetteMiss("a model call outside of every case")
        place = self._cassette.place(scope, request)
        if self._cassette.mode == "replay":
            return {"stream": iter(self._cassette.find(scope, place))}
        response: dict[str, Any] = self._client.converse_stream(**request)
        return {**response, "stream": self._recorded(scope, place, response["stream"])}

    def _recorded(self, scope: Scope, place: str, stream: Any) -> Iterator[dict[str, Any]]:
        """The events as they come; they are kept when the stream came to its end."""
        events: Events = []
        for event in stream:
            events.append(event)
            yield event
        self._cassette.keep(scope, place, events)


def request_hash(request: Mapping[str, Any]) -> str:
    """A hash of what a model call asks, the same in every run that asks the same.

    Ids of tool uses stand for their place in the conversation, and results of one round stand in
    the order of their uses: which tool was ready first differs from run to run.
    """
    known: dict[str, str] = {}
    messages = [_message(message, known) for message in request.get("messages", ())]
    text = json.dumps({**request, "messages": messages}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _message(message: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    blocks = [_block(block, known) for block in message["content"]]
    results = sorted(
        (block for block in blocks if "toolResult" in block),
        key=lambda block: int(block["toolResult"]["toolUseId"]),
    )
    in_order = iter(results)
    blocks = [next(in_order) if "toolResult" in block else block for block in blocks]
    return {**message, "content": blocks}


def _block(block: Mapping[str, Any], known: dict[str, str]) -> dict[str, Any]:
    for kind in ("toolUse", "toolResult"):
        if kind in block:
            given = block[kind]["toolUseId"]
            place = known.setdefault(given, str(len(known)))
            return {**block, kind: {**block[kind], "toolUseId": place}}
    return dict(block)
