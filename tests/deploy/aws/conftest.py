"""What tests of deploying start from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.aws.deployment import Deployment, put_deployed
from tests.deploy.aws.scripted_aws import scripted_aws


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    """A deployment to an account with nothing in it."""
    with scripted_aws() as aws:
        yield Deployment(aws, tmp_path)


@pytest.fixture
def deployed(deployment: Deployment) -> Deployment:
    """A deployment to an account where the first revision stands already."""
    put_deployed(deployment.aws)
    return deployment
