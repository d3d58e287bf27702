"""Signs requests to X-Ray's own address for traces, which takes no others."""

from __future__ import annotations

import re

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from requests import PreparedRequest, Session

_XRAY = re.compile(r"https://xray\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/v1/traces")
_SERVICE = "xray"


def session_for(endpoint: str, boto_session: boto3.Session) -> Session:
    """What sends to an address for traces: with AWS's signature where that is X-Ray's own."""
    session = Session()
    if found := _XRAY.fullmatch(endpoint):
        session.auth = AwsSignature(boto_session, found[1])
    return session


class AwsSignature:
    """Signs each request with the credentials of the moment; a role's are renewed every few hours.

    Args:
        boto_session: whose credentials they are.
        region: that is sent to.
    """

    def __init__(self, boto_session: boto3.Session, region: str) -> None:
        self._boto_session = boto_session
        self._region = region

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request, signed; without credentials as it is, and X-Ray refuses it."""
        credentials = self._boto_session.get_credentials()
        if credentials is None:
            return request
        covered = {"Content-Type": request.headers["Content-Type"]}
        signed = AWSRequest(request.method, request.url, data=request.body, headers=covered)
        SigV4Auth(credentials.get_frozen_credentials(), _SERVICE, self._region).add_auth(signed)
        request.headers.update(dict(signed.headers.items()))
        return request
