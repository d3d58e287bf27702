"""Stands in for Aurora's own door: TLS, and a token of IAM as the password.

It checks the token as AWS documents it, by arithmetic of its own and not by the library that signed
it, and passes whoever is let in on to a PostgreSQL that asks for nothing more.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104
_ASK_FOR_PASSWORD = b"R" + struct.pack("!ii", 8, 3)


@dataclass
class TokenProxy:
    """A running door.

    Attributes:
        port: that it listens on.
        keys: key id to secret key, of those who may log in.
        user: the only one who may.
        region: that tokens must be signed for.
        tokens: those that were let in.
        refusals: why others were not.
        skew: how far its clock is ahead.
    """

    port: int
    keys: dict[str, str]
    user: str
    region: str
    tokens: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    skew: timedelta = timedelta(0)

    def fault(self, token: str, user: str) -> str:
        """What is wrong with a token; nothing when the text is empty."""
        address, _, query = token.partition("?")
        given = dict(parse_qsl(query, keep_blank_values=True))
        signature = given.pop("X-Amz-Signature", "")
        key_id, day, region, service, end = given.get("X-Amz-Credential", "////").split("/")
        if (region, service, end) != (self.region, "rds-db", "aws4_request"):
            return "scope"
        if address != f"localhost:{self.port}/" or given.get("Action") != "connect":
            return "address"
        if given.get("DBUser") != user or user != self.user:
            return "user"
        if key_id not in self.keys:
            return "key"
        if not hmac.compare_digest(signature, self._signature(address, given, key_id, day)):
            return "signature"
        signed_at = datetime.strptime(given["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        allowed = timedelta(seconds=min(int(given["X-Amz-Expires"]), 900))
        return "" if datetime.now(UTC) + self.skew <= signed_at + allowed else "expired"

    def _signature(self, address: str, given: dict[str, str], key_id: str, day: str) -> str:
        query = "&".join(f"{quote(k, safe='')}={quote(given[k], safe='')}" for k in sorted(given))
        host = address.rstrip("/")
        nothing = hashlib.sha256(b"").hexdigest()
        request = f"GET\n/\n{query}\nhost:{host}\n\nhost\n{nothing}"
        scope = f"{day}/{self.region}/rds-db/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{given['X-Amz-Date']}\n{scope}\n{digest}"
        key = f"AWS4{self.keys[key_id]}".encode()
        for part in (*scope.split("/"), text):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key.hex()


@contextmanager
def token_proxy(
    upstream: int, context: ssl.SSLContext, *, keys: dict[str, str], user: str, region: str
) -> Iterator[TokenProxy]:
    """A door before the PostgreSQL on the port ``upstream``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = TokenProxy(listener.getsockname()[1], keys, user, region)
        opened: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):  # the listener was closed
                while True:
                    client, _ = listener.accept()
                    client.settimeout(20)
                    opened.append(client)
                    threads.append(
                        threading.Thread(
                            target=_serve, args=(proxy, client, context, upstream, opened)
                        )
                    )
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield proxy
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            acceptor.join(5)
            for held in opened:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(5)
            for held in opened:
                held.close()


def _serve(
    proxy: TokenProxy,
    client: socket.socket,
    context: ssl.SSLContext,
    upstream: int,
    opened: list[socket.socket],
) -> None:
    with suppress(OSError, struct.error):  # whoever goes away is gone; ssl.SSLError is an OSError
        secure = _secured(client, context)
        opened.append(secure)
        startup = _message(secure, typed=False)
        words = startup[8:].split(b"\0")
        user = dict(zip(words[::2], words[1::2], strict=False))[b"user"].decode()
        secure.sendall(_ASK_FOR_PASSWORD)
        token = _message(secure, typed=True)[5:].rstrip(b"\0").decode()
        if fault := proxy.fault(token, user):
            proxy.refusals.append(fault)
            said = b"SFATAL\0C28000\0MPAM authentication failed\0\0"
            secure.sendall(b"E" + struct.pack("!i", 4 + len(said)) + said)
            secure.close()
            return
        proxy.tokens.append(token)
        server = socket.create_connection(("127.0.0.1", upstream), timeout=20)
        opened.append(server)
        server.sendall(startup)
        back = threading.Thread(target=_copy, args=(server, secure))
        back.start()
        _copy(secure, server)
        back.join(5)


def _secured(client: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
    """The connection after it has asked for TLS; one that does not ask is turned away."""
    while True:
        (code,) = struct.unpack("!i", _message(client, typed=False)[4:8])
        if code == _SSL_REQUEST:
            client.sendall(b"S")
            return context.wrap_socket(client, server_side=True)
        if code != _GSS_REQUEST:
            raise ConnectionError("no TLS")
        client.sendall(b"N")


def _message(source: socket.socket, *, typed: bool) -> bytes:
    head = _exactly(source, 5 if typed else 4)
    (length,) = struct.unpack("!i", head[-4:])
    return head + _exactly(source, length - 4)


def _exactly(source: socket.socket, length: int) -> bytes:
    read = b""
    while len(read) < length:
        part = source.recv(length - len(read))
        if not part:
            raise ConnectionError("gone")
        read += part
    return read


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def certificate_for(name: str, folder: Path) -> tuple[Path, ssl.SSLContext]:
    """The authority's file, and a server's TLS with a certificate for the name."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = _named("test authority")
    authority = (
        _builder(authority_name, authority_name, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    held = (
        _builder(_named(name), authority_name, key)
        .add_extension(x509.SubjectAlternativeName([_general(name)]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    authorities, chain = folder / "authorities.pem", folder / "server.pem"
    authorities.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    chain.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + held.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return authorities, context


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
    )
