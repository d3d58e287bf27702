"""An issuer's keys: kept, fetched again when one is unknown, and not too often."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as new_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as new_rsa_key
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from agent.entrypoints.signing_keys import IssuerUnavailable, SigningKeys, UnknownKey

RSA = RSAAlgorithm.to_jwk(new_rsa_key(65537, 2048).public_key(), as_dict=True)
EC = ECAlgorithm.to_jwk(new_ec_key(SECP256R1()).public_key(), as_dict=True)


class Published:
    """A key set that a test changes, takes away, and whose fetches it counts."""

    def __init__(self, *key_ids: str) -> None:
        self.document: Mapping[str, Any] = {}
        self.publish(*key_ids)
        self.away = False
        self.fetches = 0
        self.now = 1000.0
        self.keys = SigningKeys(self._fetch, monotonic=lambda: self.now)

    def publish(self, *key_ids: str) -> None:
        """From now on these."""
        self.document = {"keys": [{**RSA, "kid": key_id} for key_id in key_ids]}

    async def _fetch(self) -> Mapping[str, Any]:
        self.fetches += 1
        await asyncio.wait({asyncio.ensure_future(asyncio.to_thread(int))})  # others get a turn
        if self.away:
            raise IssuerUnavailable
        return self.document


async def test_many_who_ask_at_once_share_one_fetch() -> None:
    """And nobody fetches again what is known."""
    published = Published("a", "b")
    keys = await asyncio.gather(*(published.keys.key(name) for name in "abab" * 5))
    assert {key.key_id for key in keys} == {"a", "b"}
    assert published.fetches == 1


async def test_an_unknown_key_is_looked_for_but_not_at_every_token() -> None:
    """A key that was rotated in is found within 10 seconds; a made-up one costs one fetch."""
    published = Published("a")
    await published.keys.key("a")
    published.publish("a", "b")
    for _ in range(20):
        with pytest.raises(UnknownKey):
            await published.keys.key("b")
    assert published.fetches == 1
    published.now += 11
    assert (await published.keys.key("b")).key_id == "b"
    assert published.fetches == 2


async def test_a_withdrawn_key_is_forgotten_after_an_hour() -> None:
    """Its tokens are not good for ever."""
    published = Published("a")
    await published.keys.key("a")
    published.publish("b")
    published.now += 3599
    assert (await published.keys.key("a")).key_id == "a"
    published.now += 2
    with pytest.raises(UnknownKey):
        await published.keys.key("a")


async def test_known_keys_outlive_an_outage_and_the_issuer_is_not_pestered() -> None:
    """It is tried again after a minute for a known key, after a second for an unknown one."""
    published = Published("a")
    await published.keys.key("a")
    published.away = True
    published.now += 3601
    assert (await published.keys.key("a")).key_id == "a"
    assert (await published.keys.key("a")).key_id == "a"
    assert published.fetches == 2
    published.now += 61
    assert (await published.keys.key("a")).key_id == "a"
    assert published.fetches == 3
    for _ in range(4):  # a refusal without asking does not put the next try off
        published.now += 0.2
        with pytest.raises(IssuerUnavailable):
            await published.keys.key("b")
    assert published.fetches == 3
    published.now += 0.3
    with pytest.raises(IssuerUnavailable):
        await published.keys.key("b")
    assert published.fetches == 4


@pytest.mark.parametrize("document", [{}, {"keys": []}, {"keys": "a"}, {"keys": [{"kid": "a"}]}])
async def test_what_is_no_set_of_keys_is_an_issuer_that_does_not_answer(
    document: dict[str, Any],
) -> None:
    """Nobody is refused for it."""
    published = Published()
    published.document = document
    with pytest.raises(IssuerUnavailable):
        await published.keys.key("a")


async def test_a_key_that_cannot_check_rs256_is_none() -> None:
    """Neither another kind of key nor one without an id."""
    published = Published()
    published.document = {"keys": [{**EC, "kid": "a"}, RSA, {**RSA, "kid": "b"}]}
    with pytest.raises(UnknownKey):
        await published.keys.key("a")
    assert (await published.keys.key("b")).key_id == "b"
