"""One line for each tool call: which system was asked with what, how long, what came back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from agent.entrypoints.plain_text import one_line
from agent.turns import ToolFinished, ToolStarted

_SAID = {
    "unavailable": "did not answer",
    "timeout": "took too long",
    "busy": "is busy",
    "refused": "refused",
    "invalid_input": "did not take the input",
}
_NARROWEST_INPUT = 8


def tool_name(tool: str) -> str:
    """The tool's name without the ``target___`` that the gateway puts before it."""
    return tool.rpartition("___")[2]


def shown_input(arguments: Mapping[str, Any]) -> str:
    """The input as ``name=value`` pairs; a text as it is, everything else as JSON."""
    return " ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in arguments.items()
    )


def duration(ms: int) -> str:
    """Milliseconds below a second, else seconds with one decimal."""
    return f"{ms} ms" if ms < 1000 else f"{ms / 1000:.1f} s"


def what_came_back(finished: ToolFinished) -> str:
    """Time and rows of a call that answered, or the time and in plain words why it did not."""
    if not finished.ok:
        return f"{_SAID.get(finished.error or '', 'failed')} · {duration(finished.ms)}"
    if finished.rows is None:
        return duration(finished.ms)
    return f"{finished.rows} {'row' if finished.rows == 1 else 'rows'} · {duration(finished.ms)}"


def running_line(started: ToolStarted, ms: int, width: int) -> Text:
    """The line of a call that has not come back yet."""
    return _line(Text("… ", "yellow"), started, duration(ms), width)


def finished_line(started: ToolStarted, finished: ToolFinished, width: int) -> Text:
    """The line of a call that has come back."""
    mark = Text("✓ ", "green") if finished.ok else Text("✗ ", "red")
    return _line(mark, started, what_came_back(finished), width)


def _line(mark: Text, started: ToolStarted, result: str, width: int) -> Text:
    system = one_line(started.system, 20)
    name = one_line(tool_name(started.tool), 40)
    line = Text.assemble(mark, (f"{system:<8}", "bold"), " ", name)
    room = width - line.cell_len - len(result) - 4
    if room >= _NARROWEST_INPUT:
        line.append("  " + one_line(shown_input(started.input), room), "dim")
    line.append(f"  {result}", "dim" if mark.plain.startswith(("✓", "…")) else "red")
    line.truncate(width)
    return line
