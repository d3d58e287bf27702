"""Logging, set up by entry points only: one JSON object a line on standard error, no contents."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

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
    """A record as one JSON line with the error's type, and its trace on DEBUG."""

    def __init__(self, *, traces: bool) -> None:
        super().__init__()
        self._traces = traces

    def format(self, record: logging.LogRecord) -> str:
        """The line for one record; an exception's text may hold stored data and is left out."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            if self._traces:
                line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """The message, with an error's type in place of its text: a driver's may hold an address."""
    if not isinstance(record.args, tuple):
        return record.getMessage()
    shown = (type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args)
    return str(record.msg) % tuple(shown) if record.args else str(record.msg)


def configure_logging(level: str) -> None:
    """Sends the log to standard error; libraries that log whole requests stay at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(traces=level == "DEBUG"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
