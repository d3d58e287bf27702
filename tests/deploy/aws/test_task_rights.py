"""The one-off task may do more than others, and no more than it needs."""

from __future__ import annotations

from tests.deploy.aws.cloudformation import imports, written
from tests.deploy.aws.test_rights import NAMED, statements


def test_the_one_off_task_s_own_code_has_nothing_to_do_with_network_interfaces() -> None:
    """Lambda makes them with its role; a statement takes the right from what runs inside."""
    (denied,) = [
        statement
        for place, statement in statements()
        if place == "tasks.Role" and statement["Effect"] == "Deny"
    ]
    assert (denied["Action"], denied["Resource"]) == ("ec2:*", "*")
    function = written(denied["Condition"]["ArnEquals"]["lambda:SourceFunctionArn"], "tasks")
    name = written(NAMED["tasks.Prepare"]["Properties"]["FunctionName"], "tasks")
    assert function.endswith(f":function:{name}")


def test_only_the_one_off_task_reads_the_administrator_s_password() -> None:
    """Nobody else could, whatever they run."""
    secret = "${Prefix}-database-administrator-secret"
    assert {place for place, _ in statements() if secret in imports(NAMED[place])} == {"tasks.Role"}
