"""The account that a deployment goes to: how often AWS is asked, and what is not asked twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.aws.account import open_account
from deploy.aws.failures import DeployError
from tests.deploy.aws.cloudformation import ACCOUNT, REGION
from tests.deploy.aws.scripted_aws import CALLER, ScriptedAws, scripted_aws
from tests.deploy.aws.scripted_stack import RefusedError


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedAws]:
    """An account that this process's AWS libraries are led to."""
    with scripted_aws() as account:
        for name, value in account.environment().items():
            monkeypatch.setenv(name, value)
        yield account


def test_who_is_busy_is_asked_again_and_then_said_to_be_so(aws: ScriptedAws) -> None:
    """By the very first question, and the same command may succeed later."""
    aws.refused["*"] = RefusedError("Throttling", "Rate exceeded", 400)
    with pytest.raises(DeployError) as stopped:
        open_account(REGION, attempts=2)
    assert aws.asked == ["GetCallerIdentity"] * 2
    assert (stopped.value.code, stopped.value.retryable) == ("unreachable", True)
    assert "AWS asks to come back later (Throttling)" in str(stopped.value)


def test_aws_is_asked_six_times_but_for_what_would_be_done_twice(aws: ScriptedAws) -> None:
    """The one-off task answers when it is done, which may take minutes."""
    account = open_account(REGION)
    assert (account.number, account.caller, account.region) == (ACCOUNT, CALLER, REGION)
    tries = {
        service: account.client(service).meta.config.retries["total_max_attempts"]
        for service in ("sts", "cloudformation", "s3", "lambda")
    }
    assert tries == {"sts": 6, "cloudformation": 6, "s3": 6, "lambda": 1}
    assert account.client("s3") is account.client("s3")
