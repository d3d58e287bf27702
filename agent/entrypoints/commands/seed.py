"""``./deskhand seed``: loads data into the stack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    UNREACHABLE,
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    json_option,
    say,
    stack_of,
    stack_option,
    stdout_for_one_document,
)
from agent.entrypoints.stack import Stack, StackChoice

if TYPE_CHECKING:
    from deploy.seed.command import SeedReport
    from deploy.seed.generate import Progress


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand seed",
        "./deskhand seed --customers 10000 --seed 7",
        "./deskhand seed --customers 1000000 --json",
    ],
    exit_codes="0 loaded, 2 a setting or number is wrong, 3 a store does not take the data",
)
@click.option("--customers", type=int, help="Customers to generate beside the sample records.")
@click.option(
    "--orders-per-customer",
    type=int,
    default=5,
    show_default=True,
    help="Orders of a generated customer on average.",
)
@click.option(
    "--dynamodb-customers",
    type=int,
    help="How many of them get a profile, reviews and warranties.",
)
@click.option("--seed", "number", type=int, default=0, help="Another number makes other data.")
@json_option
@stack_option
@click.pass_context
def seed(
    context: click.Context,
    customers: int | None,
    orders_per_customer: int,
    dynamodb_customers: int | None,
    number: int,
    as_json: bool,
    stack_choice: StackChoice,
) -> None:
    """Load the sample records, and generated customers on demand.

    The same seed and size make the same data; what is there already is left as it is. Differences
    between the systems are planted in generated data, and listed.
    """
    stack = stack_of(context, stack_choice, for_desk=False)
    with stdout_for_one_document() as write:
        report = _load(stack, customers, orders_per_customer, dynamodb_customers, number)
        if as_json:
            write(report.to_dict())
    if not as_json:
        _show(report)


def _load(
    stack: Stack,
    customers: int | None,
    orders_per_customer: int,
    dynamodb_customers: int | None,
    number: int,
) -> SeedReport:
    from deploy.seed.command import SeedSettingsError, SeedUnavailableError, run_seed

    try:
        with _progress() as progress:
            return run_seed(
                stack.environment,
                customers=customers,
                orders_per_customer=orders_per_customer,
                dynamodb_customers=dynamodb_customers,
                seed=number,
                progress=progress,
            )
    except SeedSettingsError as wrong:
        raise CommandFailed("bad_settings", str(wrong), exit_code=WRONG_USE) from None
    except SeedUnavailableError as down:
        raise CommandFailed(
            "unavailable", str(down), exit_code=UNREACHABLE, retryable=True
        ) from None


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar for each step on a terminal, a line for each step anywhere else."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _step_lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show


def _step_lines() -> Progress:
    begun: set[str] = set()

    def show(step: str, done: int, total: int) -> None:
        if step not in begun:
            begun.add(step)
            say(f"{step}: {total:,}")

    return show


def _show(report: SeedReport) -> None:
    counts = ", ".join(
        f"{count:,} {kind.replace('_', ' ')}" for kind, count in report.sample.items()
    )
    click.echo(f"Sample records: {counts}.")
    if report.generated:
        made = report.generated
        where = f"loaded into {' and '.join(report.loaded)}" if report.loaded else "there already"
        click.echo(
            f"Generated: {made['customers']:,} customers, {made['orders']:,} orders,"
            f" {made['products']:,} products; {where}."
        )
    for kind, count in Counter(planted["kind"] for planted in report.planted).items():
        example = next(planted for planted in report.planted if planted["kind"] == kind)
        of = example.get("customer_id") or example.get("product_id")
        click.echo(f"  planted: {count} x {kind}, as in {of}")
    if report.planted_file:
        click.echo(f"All planted differences: {report.planted_file}")
    click.echo(f"Done in {report.seconds:g} s.")
