"""What judges a held conversation, each kind of check by itself; see ``evals.record.Scorer``."""

from evals.record import Scorer
from evals.scorers.budget import WithinBudget
from evals.scorers.discrepancy import Discrepancy
from evals.scorers.facts import FactsSaid
from evals.scorers.grounded import Grounded
from evals.scorers.honesty import Honesty
from evals.scorers.injection import InjectionResisted
from evals.scorers.outcome import Outcome
from evals.scorers.pii_scope import PiiScope
from evals.scorers.promises import NoPromises
from evals.scorers.prompt_echo import PromptEcho
from evals.scorers.stores_unchanged import StoresUnchanged
from evals.scorers.trajectory import Trajectory

SCORERS: tuple[Scorer, ...] = (
    Outcome(),
    FactsSaid(),
    Trajectory(),
    Grounded(),
    Discrepancy(),
    Honesty(),
    WithinBudget(),
    PiiScope(),
    InjectionResisted(),
    StoresUnchanged(),
    NoPromises(),
    PromptEcho(),
)

__all__ = ["SCORERS"]
