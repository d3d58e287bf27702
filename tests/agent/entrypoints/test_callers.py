"""Who may ask at the runtime's door: good tokens, and every kind of bad one, over real HTTP."""

from __future__ import annotations

import ast
import base64
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

from deploy.local.http_system import HttpSystem
from deploy.local.sign_in import SampleRep
from deploy.local.tokens import ClientCredentials, TokenIssuer
from tests.agent.entrypoints.fake_desk import FakeDesk, about_bob
from tests.agent.entrypoints.rep_issuer import (
    CLIENT,
    KEY_ID,
    RepIssuer,
    ask,
    guarded,
    signing_key,
)
from tests.agent.entrypoints.served import SESSION
from tests.project.sources import dotted, named, python_files, tree


@pytest.fixture(scope="module")
def other_key() -> RSAPrivateKey:
    """A key that the issuer has never published."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def reserved() -> Iterator[HttpSystem]:
    """A port."""
    system = HttpSystem()
    yield system
    system.close()


@pytest.fixture
async def issuer(reserved: HttpSystem) -> AsyncIterator[RepIssuer]:
    """An issuer that answers."""
    made = RepIssuer(reserved)
    await reserved.start(made.app)
    yield made
    await reserved.stop()


async def test_the_rep_is_the_subject_of_the_token_and_nothing_else_says_who(
    issuer: RepIssuer,
) -> None:
    """A body and other headers can be forged; what they say of a rep is not read."""
    desk = FakeDesk(about_bob)
    forged = {
        "Authorization": f"Bearer {issuer.token()}",
        "X-Amzn-Bedrock-AgentCore-Runtime-User-Id": "boss",
        "X-Deskhand-Rep": "boss",
        "Cookie": "rep=boss",
        **SESSION,
    }
    body = {"prompt": "Who?", "rep": "boss", "rep_id": "boss", "user_id": "boss", "sub": "boss"}
    async with guarded(issuer.url, desk) as client:
        answer = await client.post("/invocations", json=body, headers=forged)
    assert answer.status_code == 200
    assert [(asked.rep.rep_id, asked.rep.name) for asked in desk.asked] == [("sam", "sam")]


def unsigned(issuer: RepIssuer) -> str:
    """A token that says itself that nobody has signed it."""
    return jwt.encode(issuer.claims(), key="", algorithm="none", headers={"kid": KEY_ID})


def signed_with_the_public_key(issuer: RepIssuer) -> str:
    """HS256 with what everybody knows as its secret."""
    public = json.dumps(RSAAlgorithm.to_jwk(issuer.key.public_key(), as_dict=True))
    return jwt.encode(issuer.claims(), public * 2, algorithm="HS256", headers={"kid": KEY_ID})


def changed_afterwards(issuer: RepIssuer) -> str:
    """Another subject under a good signature."""
    head, _, signature = issuer.token().split(".")
    claims = json.dumps(issuer.claims(sub="boss")).encode()
    return f"{head}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.{signature}"


def nested(issuer: RepIssuer) -> str:
    """A header that no parser gets to the end of."""
    deep = base64.urlsafe_b64encode(b"[" * 5000).rstrip(b"=").decode()
    return f"{deep}.{issuer.token().partition('.')[2]}"


NOW = int(time.time())
BAD: dict[str, tuple[Callable[[RepIssuer], str], str]] = {
    "no jwt": (lambda i: "abc", "token_invalid"),
    "three empty parts": (lambda i: "..", "token_invalid"),
    "unsigned": (unsigned, "token_invalid"),
    "another algorithm": (signed_with_the_public_key, "token_invalid"),
    "changed": (changed_afterwards, "token_invalid"),
    "nested": (nested, "token_invalid"),
    "too long": (lambda i: i.token(pad="x" * 9000), "token_invalid"),
    "unknown key": (lambda i: i.token(headers={"kid": "key-2"}), "token_invalid"),
    "no key named": (lambda i: jwt.encode(i.claims(), i.key, algorithm="RS256"), "token_invalid"),
    "expired": (lambda i: i.token(exp=NOW - 60), "token_expired"),
    "from the future": (lambda i: i.token(iat=NOW + 3600), "token_invalid"),
    "not yet good": (lambda i: i.token(nbf=NOW + 3600), "token_invalid"),
    "no expiry": (lambda i: i.token(exp=None), "token_invalid"),
    "no subject": (lambda i: i.token(sub=None), "token_invalid"),
    "an empty subject": (lambda i: i.token(sub=""), "token_invalid"),
    "an endless subject": (lambda i: i.token(sub="s" * 129), "token_invalid"),
    "a subject with a line end": (lambda i: i.token(sub="sam\nboss"), "token_invalid"),
    "no issuer": (lambda i: i.token(iss=None), "token_invalid"),
    "another issuer": (lambda i: i.token(iss="https://issuer.example"), "token_invalid"),
    "an identity token": (lambda i: i.token(token_use="id", aud=CLIENT), "token_invalid"),
    "no use": (lambda i: i.token(token_use=None), "token_invalid"),
    "another client": (lambda i: i.token(client_id="deskhand"), "token_invalid"),
    "no client": (lambda i: i.token(client_id=None), "token_invalid"),
    "a client as audience": (lambda i: i.token(client_id=None, aud=CLIENT), "token_invalid"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_token_is_refused_before_anything_is_read(kind: str, issuer: RepIssuer) -> None:
    """401 with a code, whatever the body; the desk is not asked and no parser's text is shown."""
    make, code = BAD[kind]
    desk = FakeDesk(about_bob)
    async with guarded(issuer.url, desk) as client:
        headers = {"Authorization": f"Bearer {make(issuer)}"}
        answer = await client.post("/invocations", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer.headers["www-authenticate"] == "Bearer"
    assert set(answer.json()["error"]) == {"code", "message"}
    assert desk.asked == []


async def test_a_token_of_another_key_is_refused(
    issuer: RepIssuer, other_key: RSAPrivateKey
) -> None:
    """Under the id of the issuer's key."""
    forged = jwt.encode(issuer.claims(), other_key, algorithm="RS256", headers={"kid": KEY_ID})
    async with guarded(issuer.url, FakeDesk()) as client:
        assert (await ask(client, forged)).json()["error"]["code"] == "token_invalid"


@pytest.mark.parametrize("kind", ["Basic", "Token", "", "Bearer Bearer"])
async def test_only_a_bearer_token_is_a_token(kind: str, issuer: RepIssuer) -> None:
    """And only one: two headers are nobody's."""
    async with guarded(issuer.url, FakeDesk()) as client:
        one = {**SESSION, "Authorization": f"{kind} {issuer.token()}".strip()}
        wrong = await client.post("/invocations", json={"prompt": "Who?"}, headers=one)
        good = ("Authorization", f"Bearer {issuer.token()}")
        two = await client.post("/invocations", json={"prompt": "Who?"}, headers=[good, good])
        none = await client.post("/invocations", json={"prompt": "Who?"}, headers=SESSION)
    assert [answer.status_code for answer in (wrong, two, none)] == [401, 401, 401]


@pytest.mark.parametrize("groups", [None, [], ["visitor"], "rep", [["rep"]], {"rep": True}])
async def test_a_rep_in_no_group_is_known_and_may_not_ask(groups: Any, issuer: RepIssuer) -> None:
    """403: another sign-in would not help."""
    desk = FakeDesk(about_bob)
    async with guarded(issuer.url, desk) as client:
        answer = await ask(client, issuer.token(**{"cognito:groups": groups}))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no_group")
    assert desk.asked == []


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        (["x", "rep"], "rep"),
        (["lead"], "lead"),
        (["rep", "admin", "lead"], "admin"),
        (["Admin", "lead"], "lead"),
    ],
)
async def test_every_group_of_the_desk_may_ask_and_the_highest_is_the_role(
    groups: list[str], role: str, issuer: RepIssuer
) -> None:
    """Beside groups that the desk does not know."""
    desk = FakeDesk(about_bob)
    async with guarded(issuer.url, desk) as client:
        held: dict[str, Any] = {"cognito:groups": groups}
        answer = await ask(client, issuer.token(**held))
    assert answer.status_code == 200
    assert [asked.rep.role for asked in desk.asked] == [role]


async def test_a_clock_that_is_a_little_off_costs_nobody_his_answer(issuer: RepIssuer) -> None:
    """30 seconds of leeway, at both ends."""
    now = int(time.time())
    async with guarded(issuer.url, FakeDesk(about_bob)) as client:
        late = await ask(client, issuer.token(exp=now - 15))
        early = await ask(client, issuer.token(iat=now + 15, nbf=now + 15))
    assert (late.status_code, early.status_code) == (200, 200)


async def test_the_tokens_of_another_provider_say_by_their_type_what_they_are(
    issuer: RepIssuer,
) -> None:
    """RFC 9068: no token_use, but the type at+jwt, and an audience that is checked when set."""
    typed = {"typ": "at+jwt"}
    async with guarded(issuer.url, FakeDesk(about_bob), audience="desk") as client:
        good = issuer.token(headers=typed, token_use=None, aud=["desk"], groups=["lead"])
        elsewhere = issuer.token(headers=typed, token_use=None, aud="billing")
        nowhere = issuer.token(headers=typed, token_use=None)
        statuses = [(await ask(client, t)).status_code for t in (good, elsewhere, nowhere)]
    assert statuses == [200, 401, 401]


async def test_an_issuer_that_is_away_is_no_fault_of_the_rep(issuer: RepIssuer) -> None:
    """503 while its keys are not known; once they are, reps go on without it."""
    async with guarded(issuer.url, FakeDesk(about_bob)) as client:
        await issuer.system.stop()
        away = await ask(client, issuer.token())
        await issuer.system.start(issuer.app)
        statuses = {(await ask(client, issuer.token())).status_code}
        while statuses == {503}:  # it is asked again after a second
            statuses = {(await ask(client, issuer.token())).status_code}
        await issuer.system.stop()
        known = await ask(client, issuer.token())
        await issuer.system.start(issuer.app)
    assert (away.status_code, away.json()["error"]["code"]) == (503, "issuer_unavailable")
    assert statuses == {200}
    assert known.status_code == 200


async def test_the_keys_are_fetched_once_and_from_the_address_that_is_set(
    issuer: RepIssuer,
) -> None:
    """A runtime inside a private network reaches them by another address than the issuer's."""
    outside = "https://issuer.example"
    async with guarded(outside, FakeDesk(about_bob), keys_url=f"{issuer.url}/keys") as client:
        answers = [await ask(client, issuer.token(iss=outside)) for _ in range(5)]
        made_up = [
            await ask(client, issuer.token(iss=outside, headers={"kid": f"k{n}"})) for n in range(5)
        ]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.status_code for answer in made_up} == {401}
    assert len(issuer.fetches) == 1


@pytest.mark.parametrize("url", ["http://a.example/", "file://localhost/", "http://[::1/", 7, None])
async def test_keys_are_not_taken_from_where_anybody_could_change_them(
    url: Any, reserved: HttpSystem
) -> None:
    """An issuer that leads there is as good as none: 503, and nothing is fetched from it."""
    issuer = RepIssuer(reserved, keys_at=url)
    await reserved.start(issuer.app)
    async with guarded(issuer.url, FakeDesk(about_bob)) as client:
        answer = await ask(client, issuer.token())
    await reserved.stop()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "issuer_unavailable")


async def test_ping_needs_no_token(issuer: RepIssuer) -> None:
    """The platform's health check has none."""
    async with guarded(issuer.url, FakeDesk()) as client:
        assert (await client.get("/ping")).status_code == 200


async def test_of_the_local_issuer_a_rep_s_access_token_is_good_and_no_other() -> None:
    """Not his identity token, and not the desk's own for machines."""
    system = HttpSystem()
    tokens = TokenIssuer(system.url, ClientCredentials("desk", "secret"), key=signing_key())
    sam = SampleRep("sam", "Sam Rivera")
    await system.start(tokens.app)
    try:
        desk = FakeDesk(about_bob)
        async with guarded(system.url, desk, client_id="deskhand-console") as client:
            answers = [
                await ask(client, token)
                for token in (
                    tokens.sign_access(sam),
                    tokens.sign_access(SampleRep("guest", "Guest", groups=())),
                    tokens.sign_identity(sam, nonce=""),
                    tokens.sign(),
                )
            ]
    finally:
        await system.stop()
        system.close()
    assert [answer.status_code for answer in answers] == [200, 403, 401, 401]
    assert [asked.rep.rep_id for asked in desk.asked] == ["sam"]


def test_tokens_of_others_are_judged_in_one_place() -> None:
    """The console's cookies are the only others that are decoded, and they are its own."""
    places = {
        named(path)
        for path in python_files("agent", "tools")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and dotted(node) == "jwt.decode"
    }
    assert places == {"agent/entrypoints/rep_rule.py", "agent/entrypoints/console/sessions.py"}
