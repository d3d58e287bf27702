"""What breaks in a case: HTTP answers, Aurora's sessions, the model's stream, tools of our own."""

from evals.faults.database import BreakingDatabase
from evals.faults.model import BreakingClient
from evals.faults.plan import FaultPlan
from evals.faults.tools import breaking_tools
from evals.faults.transport import BreakingTransport

__all__ = [
    "BreakingClient",
    "BreakingDatabase",
    "BreakingTransport",
    "FaultPlan",
    "breaking_tools",
]
