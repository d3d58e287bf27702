"""Shows a person what a deployment did, would do, or is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from deploy.aws.deploy import Deployed
    from deploy.aws.plan import StackPlan
    from deploy.aws.removal import Removal
    from deploy.aws.status import Status

_SETTINGS = {
    "DESKHAND_ENDPOINT_URL": "endpoint",
    "DESKHAND_ISSUER_URL": "issuer",
    "DESKHAND_REP_CLIENT_ID": "client_id",
}
_WORDS = {"Add": "+", "Modify": "~", "Remove": "-", "Import": "="}
_ACTIONS = {
    "create": "would be made",
    "update": "would be changed",
    "none": "no change",
    "wait": "has to be waited for",
    "stuck": "is stuck",
    "unclear": "cannot be told yet",
}


def show_deployed(done: Deployed) -> None:
    """What was done, the addresses, and a first question."""
    click.echo(f"\nDeployed to {done.region}, account {done.account}:")
    _columns([(held.name, f"{held.action}, {held.seconds:g} s") for held in done.stacks])
    click.echo(f"Data: {_task_line(done)}\n")
    _columns([(name.replace("_", " "), value) for name, value in done.addresses.items()])
    click.echo("\n" + first_steps(done))


def _task_line(done: Deployed) -> str:
    ran = done.task.get("migrations") or []
    loaded = [store for store, new in (done.task.get("sample_data") or {}).items() if new]
    return "; ".join(
        [
            f"ran {', '.join(ran)}" if ran else "no migration was missing",
            f"sample records loaded into {' and '.join(loaded)}"
            if loaded
            else "no sample records were loaded now",
        ]
    )


def first_steps(done: Deployed) -> str:
    """How a first rep gets in, and what to ask."""
    held = done.addresses
    pool = f"--region {done.region} --user-pool-id {held.get('user_pool', 'POOL')}"
    who = "--username you@example.com"
    return "\n".join(
        [
            "A first rep, once:",
            f"  aws cognito-idp admin-create-user {pool} {who}",
            f"  aws cognito-idp admin-add-user-to-group {pool} {who} --group-name rep",
            "Then he signs in at a browser and asks:",
            *_for_a_rep(held),
            "  ./deskhand chat --stack aws",
            f"First question: {shlex.quote(done.first_question)}",
        ]
    )


def _for_a_rep(addresses: Mapping[str, str]) -> list[str]:
    """What a rep's terminal has to know, as lines for a shell."""
    return [
        f"  export {setting}={shlex.quote(addresses[name])}"
        for setting, name in _SETTINGS.items()
        if name in addresses
    ]


def show_plan(plans: Sequence[StackPlan]) -> None:
    """Each stack, and each resource that would change."""
    for held in plans:
        click.echo(f"{held.name}: {_ACTIONS[held.action]}")
        if held.detail:
            click.echo(f"  {held.detail}")
        for kind, count in (held.resources or {}).items():
            click.echo(f"  + {count} {kind}")
        for change in held.changes:
            mark = _WORDS.get(change.action, change.action)
            replaced = ", REPLACED: what it holds is lost or has to move" if change.replaced else ""
            click.echo(f"  {mark} {change.resource} ({change.kind}){replaced}")
        if held.action == "update" and not held.changes:
            click.echo("  ~ only outputs or tags")


def show_status(found: Status) -> None:
    """Stacks, what runs in them, addresses."""
    for title, parts in (("Stacks", found.stacks), ("Health", found.health)):
        if parts:
            click.echo(f"{title}:")
            _columns([(part.name, ("" if part.ok else "✗ ") + part.detail) for part in parts])
    if found.addresses:
        click.echo("Addresses:")
        _columns([(name.replace("_", " "), value) for name, value in found.addresses.items()])
    if lines := _for_a_rep(found.addresses):
        click.echo("\n".join(["For a rep's terminal:", *lines]))


def show_removal(removal: Removal) -> None:
    """What went and what stays."""
    click.echo(f"Removed: {', '.join(removal.stacks)}." if removal.stacks else "Nothing was there.")
    for line in removal.stays:
        click.echo(f"Stays: {line}")


def _columns(rows: Sequence[tuple[str, str]]) -> None:
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        click.echo(f"  {name:<{width}}  {value}")
