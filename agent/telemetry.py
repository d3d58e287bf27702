"""Logging, set up by entry points only: on standard error, with ids, without contents."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

from agent.log_ids import noted_ids

QUIET = (
    "strands",
    "botocore",
    "boto3",
    "httpx2",
    "httpcore2",
    "mcp",
    "psycopg.pool",
    "opentelemetry",
)


class JsonLines(logging.Formatter):
    """A record as one JSON line with ids and the error's type, and its trace on DEBUG."""

    def __init__(self, *, traces: bool) -> None:
        super().__init__()
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record; an exception's text may hold stored data and is left out."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
            **noted_ids(),
            **_trace_ids(),
            **{name: value for name, value in _fields(record).items() if value is not None},
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            if self._traces:
                line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """A record as a line for people, with the error's type, and its trace on DEBUG."""

    def __init__(self, *, traces: bool) -> None:
        super().__init__()
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record; it holds no more of an exception than the JSON does."""
        at = datetime.fromtimestamp(record.created).astimezone()
        parts = [at.strftime("%H:%M:%S"), record.levelname, f"{record.name}:", _message(record)]
        if record.exc_info and record.exc_info[0]:
            parts.append(f"({record.exc_info[0].__name__})")
            if self._traces:
                parts.append(f"\n{self.formatException(record.exc_info)}")
        return " ".join(parts)


def _message(record: logging.LogRecord) -> str:
    """The message, with an error's type in place of its text: a driver's may hold an address."""
    if not isinstance(record.args, tuple):
        return record.getMessage()
    shown = (type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args)
    return str(record.msg) % tuple(shown) if record.args else str(record.msg)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "fields", {})


def _trace_ids() -> dict[str, str]:
    """The trace that is recorded just now; without a framework that could, there is none."""
    trace = sys.modules.get("opentelemetry.trace")
    context = trace.get_current_span().get_span_context() if trace else None
    if context is None or not context.is_valid:
        return {}
    return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}


def configure_logging(level: str, *, form: Literal["json", "text"] = "json") -> None:
    """Sends the log to standard error; libraries that log whole requests stay at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    lines = JsonLines if form == "json" else TextLines
    handler.setFormatter(lines(traces=level == "DEBUG"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # Warns of a call that it cannot read with the text of the call.
    logging.getLogger("strands.event_loop.streaming").setLevel(logging.ERROR)
