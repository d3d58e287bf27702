"""The session with AWS that all clients of a desk come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ConfigParseError, ProfileNotFound
from botocore.loaders import Loader, create_loader

from agent.errors import SettingsError
from agent.setting_values import is_this_machine


def open_session(
    *,
    region: str | None,
    access_key_id: str | None,
    secret_access_key: str | None,
    session_token: str | None,
    endpoints: Sequence[str | None],
) -> boto3.Session:
    """A session in the region, with the credentials given or else those that AWS's rules find.

    Args:
        endpoints: addresses that take the place of AWS's own; where all are this machine's, no
            proxy of the environment is used, it could not reach them.

    Raises:
        ProfileNotFound, ConfigParseError: for ``told_of_aws`` to explain.
    """
    core = new_core()
    given = [url for url in endpoints if url]
    if given and all(map(is_this_machine, given)):
        core.set_default_client_config(Config(proxies={}))
    return boto3.Session(
        botocore_session=core,
        region_name=region,
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=session_token,
    )


def new_core() -> botocore.session.Session:
    """A session of botocore's own, which reads no description of a service a second time.

    Raises:
        ProfileNotFound, ConfigParseError: AWS's own configuration is wrong.
    """
    core = botocore.session.Session()
    core.register_component("data_loader", _descriptions(core.get_config_variable("data_path")))
    return core


@cache
def _descriptions(search_path: str | None) -> Loader:
    """Botocore's descriptions of AWS's services, read once for all sessions of a process.

    Each session would read them again, endpoints of all services included: most of the time that
    it takes to open a desk. A loader keeps what it has read and nobody changes it.
    """
    return create_loader(search_path)


@contextmanager
def told_of_aws() -> Iterator[None]:
    """Tell of AWS's own configuration being wrong as of a setting.

    Raises:
        SettingsError: the profile or the file that AWS's variables name cannot be used.
    """
    try:
        yield
    except (ProfileNotFound, ConfigParseError) as wrong:
        variable = "AWS_PROFILE" if isinstance(wrong, ProfileNotFound) else "AWS_CONFIG_FILE"
        advice = "names nothing that AWS's configuration has; correct it or unset it."
        raise SettingsError(variable, advice) from None
