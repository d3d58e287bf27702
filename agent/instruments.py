"""The metrics of the desk: few names, and attributes with few values each."""

from __future__ import annotations

from opentelemetry.metrics import Histogram, Meter

from agent.observed_calls import SpanModelWatch, SpanToolWatch
from agent.observing import TurnWatch

_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
_TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216]


class Instruments:
    """What is counted and timed; names that begin with ``gen_ai`` are those of the conventions."""

    def __init__(self, meter: Meter) -> None:
        def seconds(name: str, description: str) -> Histogram:
            return meter.create_histogram(
                name, "s", description, explicit_bucket_boundaries_advisory=_SECONDS
            )

        self._turns = meter.create_counter("deskhand.turns", "{turn}", "Turns by outcome")
        self._turn_seconds = seconds("gen_ai.invoke_agent.duration", "Time of a turn")
        self._first_text = seconds("deskhand.turn.first_text", "Time to the first text shown")
        self._tools = meter.create_counter("deskhand.tool_calls", "{call}", "Tool calls by end")
        self._tool_seconds = seconds("gen_ai.execute_tool.duration", "Time of a tool call")
        self._model_seconds = seconds("gen_ai.client.operation.duration", "Time of a model call")
        self._first_chunk = seconds(
            "gen_ai.client.operation.time_to_first_chunk", "Time to a model call's first piece"
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Tokens of a model call",
            explicit_bucket_boundaries_advisory=_TOKENS,
        )

    def turn(self, watch: TurnWatch) -> None:
        """Counts a turn and its tool calls, those that never ran among them."""
        ended = {"deskhand.outcome": watch.outcome, **_error(watch.error)}
        self._turns.add(1, ended)
        self._turn_seconds.record(watch.ms / 1000, ended)
        if watch.first_text_ms is not None:
            self._first_text.record(watch.first_text_ms / 1000)
        for system, error in watch.tools:
            self._tools.add(1, {"deskhand.system": system, **_error(error)})

    def model_call(self, model_id: str, watch: SpanModelWatch) -> None:
        """Counts a model call."""
        asked = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model_id}
        self._model_seconds.record(watch.seconds, {**asked, **_error(watch.error)})
        if watch.first_seconds is not None:
            self._first_chunk.record(watch.first_seconds, asked)
        for kind in ("input", "output"):
            if (count := watch.tokens.get(f"{kind}_tokens")) is not None:
                self._tokens.record(count, {**asked, "gen_ai.token.type": kind})

    def tool_call(self, tool: str, system: str, watch: SpanToolWatch) -> None:
        """Counts a tool call that ran."""
        told = {"gen_ai.tool.name": tool, "deskhand.system": system}
        self._tool_seconds.record(watch.seconds, {**told, **_error(watch.error)})


def _error(kind: str | None) -> dict[str, str]:
    return {"error.type": kind} if kind else {}
