"""Generates customers with everything that belongs to them, and loads them into both stores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.seed.bulk import load_generated_aurora
from deploy.seed.generated_items import GeneratedItems, load_generated_items
from deploy.seed.plan import Plan, Planted, Size

AURORA_STEP = "Aurora: customers with their orders"
DYNAMODB_STEP = "DynamoDB: profiles, reviews and warranties"

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Generated:
    """What was made: its size, where it had to be loaded, and the differences planted in it."""

    size: Size
    aurora_loaded: bool
    dynamodb_loaded: bool
    planted: tuple[Planted, ...]


def generate(
    owner_dsn: str, client: Any, tables: Mapping[str, str], size: Size, *, progress: Progress
) -> Generated:
    """Put generated data of this size into both stores, in the place of earlier generated data.

    Args:
        owner_dsn: how the owner of Aurora's tables logs in.
        client: a boto3 DynamoDB client.
        tables: the names of the tables by what they hold.
        size: how much to make.
        progress: hears a step, how many customers of it are done and how many there are.
    """
    plan = Plan(size)
    items = GeneratedItems(plan)
    aurora = load_generated_aurora(owner_dsn, plan, _step(progress, AURORA_STEP, size.customers))
    advance = _step(progress, DYNAMODB_STEP, size.dynamodb_customers)
    dynamodb = load_generated_items(client, tables, items, advance)
    return Generated(size, aurora, dynamodb, tuple(items.planted))


def _step(progress: Progress, name: str, total: int) -> Callable[[int], None]:
    """Turns what comes in one after another into what is done so far."""
    done = 0

    def advance(more: int) -> None:
        nonlocal done
        done += more
        progress(name, done, total)

    progress(name, 0, total)
    return advance
