"""The handlers as Lambda starts them: by name, configured by the environment alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deploy.local.dynamodb import ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY
from tests.fixtures_dynamodb import Database

pytestmark = pytest.mark.stack

PROGRAM = """
import importlib, json, sys
from tests.fixtures_dynamodb import lambda_context

module, tool, headers, event = map(json.loads, sys.argv[1:])
handler = importlib.import_module(module).lambda_handler
answers = [handler(event, lambda_context(tool, headers)) for _ in range(2)]
assert answers[0] == answers[1]
print(json.dumps(answers[0]))
"""


def invoke(database: Database, target: str, tool: str, event: Any, **environment: str) -> Any:
    """What a fresh process answers to one event, on a day that a header asks for."""
    sent = (
        f"tools.gateway.{target}",
        f"{target}___{tool}",
        {"x-deskhand-today": "2030-01-01"},
        event,
    )
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(json.dumps, sent)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
        env={
            "PATH": os.environ["PATH"],
            "DESKHAND_TABLE_PREFIX": database.tables["reviews"].removesuffix("-reviews"),
            "AWS_ENDPOINT_URL_DYNAMODB": database.endpoint,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            **environment,
        },
    )
    return json.loads(ran.stdout)


def test_a_profile_is_answered(sample: Database) -> None:
    """The tables are found by their prefix."""
    answer = invoke(sample, "profile", "get_customer_profile", {"customer_id": "CUST002"})
    assert answer["profile"]["last_name"] == "Smith"


@pytest.mark.parametrize(("allowed", "frozen"), [("1", True), ("0", False), ("", False)])
def test_the_day_can_be_chosen_only_where_the_stack_says_so(
    sample: Database, allowed: str, frozen: bool
) -> None:
    """A test stack sets the variable, a real one does not."""
    event = {"serial_number": "LAPTOP001A1B2C"}
    answer = invoke(
        sample, "warranty", "check_warranty_status", event, DESKHAND_ALLOW_FROZEN_CLOCK=allowed
    )
    assert (answer["as_of"] == "2030-01-01") is frozen
