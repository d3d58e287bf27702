"""What is known to survive: mutants, cases and scorers without effect, each with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evals.mutation.kill_table import Problem

SURVIVORS = Path(__file__).parent / "survivors.yaml"
Reason = Annotated[str, Field(min_length=20)]


class Survivors(BaseModel):
    """The reasons of ``survivors.yaml``, by what they are about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mutant: dict[str, Reason] = {}
    case: dict[str, Reason] = {}
    scorer: dict[str, Reason] = {}

    def reason(self, problem: Problem) -> str:
        """Why this problem is accepted; empty when it is not."""
        reasons: dict[str, str] = getattr(self, problem.kind, {})
        return reasons.get(problem.name, "")

    def stale(self, problems: Iterable[Problem]) -> list[Problem]:
        """Reasons for what is no problem any more."""
        seen = {(problem.kind, problem.name) for problem in problems}
        return [
            Problem(
                kind="survivors",
                name=name,
                message=f"survivors.yaml has a reason for the {kind} {name}, which needs none",
            )
            for kind, reasons in self
            for name in reasons
            if (kind, name) not in seen
        ]


class SurvivorsError(Exception):
    """The file of reasons cannot be read, said in one sentence."""


def read_survivors(path: Path = SURVIVORS) -> Survivors:
    """The reasons in the repository.

    Raises:
        SurvivorsError: the file is no YAML, has an unknown key, or a reason says nothing.
    """
    try:
        return Survivors.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except yaml.YAMLError as wrong:
        raise SurvivorsError(f"{path.name} is no YAML: {' '.join(str(wrong).split())}") from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SurvivorsError(f"{path.name}: {place}: {first['msg']}") from None
