"""Whom the HTTP clients of a process trust: the machine's own certificates, read once."""

from __future__ import annotations

import ssl
from functools import cache

import httpx2


@cache
def trusted_certificates(*, of_environment: bool = False) -> ssl.SSLContext:
    """For all clients of a process: to read the certificates takes 20 ms.

    Args:
        of_environment: SSL_CERT_FILE and SSL_CERT_DIR may name others.
    """
    return httpx2.create_ssl_context(trust_env=of_environment)
