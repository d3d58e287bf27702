"""The second wall before free SQL: only a plain SELECT over three views gets through.

The first wall is the database role, which can read those views and nothing else. This one keeps
away what a role cannot: side effects of functions, locks, catalogs, and statements without end.
Everything is an allow list, so what a list forgets is refused.
"""

from tools.aurora.guard.canonical import canonical
from tools.aurora.guard.refusal import Refused

__all__ = ["Refused", "canonical"]
