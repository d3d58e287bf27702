"""What stops a deployment, in plain words: what is wrong, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from botocore import exceptions as aws

Code = Literal[
    "bad_settings",  # credentials, region or an option: correct it
    "no_permission",
    "package_failed",
    "stack_failed",  # CloudFormation could not do it
    "stuck",  # a stack needs a person first
    "task_failed",
    "unreachable",  # AWS does not answer, or not now: try again
    "busy",
    "timeout",
    "refused",  # AWS answers something else
]
RETRYABLE: frozenset[Code] = frozenset({"unreachable", "busy", "timeout"})

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"}
_UNKNOWN_KEYS = {
    "AuthFailure",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
_DENIED = {"403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"}
_REGION_OFF = {"OptInRequired", "RegionDisabledException", "InvalidRegion"}
_LATER = {
    "500",  # of an answer without a word, as to HEAD
    "502",
    "503",
    "504",
    "InternalError",
    "InternalFailure",
    "InternalServerException",
    "PriorRequestNotComplete",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestTimeout",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
}
_ACTION = re.compile(r"perform:? ([a-z0-9-]+:[A-Za-z]+)(?: on resource:? (\S+))?")
_SIGN_IN = (
    aws.SSOError,
    aws.TokenRetrievalError,
    aws.UnauthorizedSSOTokenError,
    aws.LoginError,
)
_NO_ANSWER = (
    aws.ConnectionError,
    aws.HTTPClientError,
)


class DeployError(Exception):
    """A deployment stops; the message says why and what to do.

    Args:
        code: a word for programs.
        message: one or several lines.
    """

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def retryable(self) -> bool:
        """Whether the same command may succeed later, with nothing changed."""
        return self.code in RETRYABLE


@contextmanager
def explained(region: str) -> Iterator[None]:
    """Says what AWS's library or AWS itself says in words for the person at the terminal."""
    try:
        yield
    except aws.ClientError as answer:
        raise _of_answer(answer, region) from None
    except aws.BotoCoreError as failure:
        raise _of_library(failure, region) from None


def code_of(answer: aws.ClientError) -> str:
    """AWS's own word for a refusal."""
    return str(answer.response.get("Error", {}).get("Code", ""))


def text_of(answer: aws.ClientError) -> str:
    """AWS's own sentence."""
    return str(answer.response.get("Error", {}).get("Message", "")).strip()


def _of_answer(answer: aws.ClientError, region: str) -> DeployError:
    code = code_of(answer)
    if code in _EXPIRED:
        return DeployError(
            "bad_settings",
            "The AWS credentials have expired. Sign in again (aws sso login, or new keys), then run"
            " the same command again; it goes on where it stopped.",
        )
    if code in _UNKNOWN_KEYS:
        return DeployError(
            "bad_settings",
            f"AWS does not take these credentials ({code}). Check AWS_ACCESS_KEY_ID,"
            " AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, or AWS_PROFILE, and the clock here.",
        )
    if code in _DENIED:
        return _denied(answer)
    if code in _REGION_OFF:
        return DeployError(
            "bad_settings",
            f"The region {region} is not switched on for this account. Switch it on (Account, AWS"
            " Regions), or choose another with --region.",
        )
    if code in _LATER:
        return DeployError(
            "unreachable", f"AWS asks to come back later ({code}). Run the same command again."
        )
    said = text_of(answer) or "without a reason"
    return DeployError("refused", f"AWS refused {answer.operation_name} ({code}): {said}")


def _denied(answer: aws.ClientError) -> DeployError:
    found = _ACTION.search(text_of(answer))
    action = found[1] if found else answer.operation_name
    on = f" on {found[2].rstrip('.,')}" if found and found[2] else ""
    return DeployError(
        "no_permission",
        f"These AWS credentials may not do {action}{on}. Let an administrator of the account allow"
        " it, or use others (AWS_PROFILE); then run the same command again.",
    )


def _of_library(failure: aws.BotoCoreError, region: str) -> DeployError:
    match failure:
        case aws.NoCredentialsError() | aws.PartialCredentialsError():
            return DeployError(
                "bad_settings",
                "There are no AWS credentials, or not all of them. Sign in (aws sso login, aws"
                " configure), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
            )
        case aws.ProfileNotFound() | aws.ConfigParseError():
            return DeployError(
                "bad_settings",
                "AWS_PROFILE names nothing that AWS's configuration has, or that file is damaged;"
                " correct it or unset it.",
            )
        case aws.CredentialRetrievalError():
            return DeployError(
                "bad_settings",
                "The program that gives AWS credentials failed; sign in again or choose another"
                " AWS_PROFILE.",
            )
        case _ if isinstance(failure, _SIGN_IN):
            return DeployError(
                "bad_settings",
                "The sign-in to AWS has expired. Run aws sso login (with the same AWS_PROFILE),"
                " then the same command again.",
            )
        case _ if isinstance(failure, _NO_ANSWER):
            return DeployError(
                "unreachable",
                f"AWS does not answer in {region} ({type(failure).__name__}). Check the network and"
                " the proxy, and that the region exists; then run the same command again.",
            )
    return DeployError("refused", f"AWS's library refused a request ({type(failure).__name__}).")
