"""Faults of DynamoDB become one fixed sentence each, without a key, a table or a driver's text."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.stub import Stubber

from tests.fixtures_dynamodb import Database
from tools.contract import ToolFailure
from tools.dynamo import ConditionFailed, Store, open_client
from tools.queries import Query, begins, equals
from tools.records import plain


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def client_of(port: int) -> Any:
    """A client of whatever is at that port, which gives up at once."""
    return boto3.client(
        "dynamodb",
        endpoint_url=f"http://127.0.0.1:{port}",
        region_name="us-west-2",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(connect_timeout=1, read_timeout=0.2, retries={"total_max_attempts": 1}),
    )


def answering(status: int, code: str) -> Any:
    """A client whose every request is answered with this error."""
    client = client_of(1)

    def answer(request: Any, **_: Any) -> AWSResponse:
        body = f'{{"__type": "x#{code}", "message": "secret-4711"}}'.encode()
        return AWSResponse(request.url, status, {}, _Body(body))

    client.meta.events.register("before-send.dynamodb", answer)
    return client


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content


def failure_of(client: Any) -> ToolFailure:
    """The failure of a look-up through this client."""
    with pytest.raises(ToolFailure) as raised:
        Store(client, "catalog").get("table", {"id": "secret-4711"}, ("name",))
    assert raised.value.__cause__ is None
    return raised.value


SENTENCES = {
    "busy": "The catalog system is busy.",
    "unavailable": "The catalog system could not be reached.",
    "internal": "The catalog system could not answer this.",
}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "ThrottlingException", "busy"),
        (400, "ProvisionedThroughputExceededException", "busy"),
        (500, "InternalServerError", "unavailable"),
        (503, "ServiceUnavailable", "unavailable"),
        (400, "ResourceNotFoundException", "internal"),
        (400, "AccessDeniedException", "internal"),
        (400, "ValidationException", "internal"),
    ],
)
def test_error_replies_become_fixed_sentences(status: int, code: str, kind: str) -> None:
    """Nothing of the reply's own text is passed on; what may pass by itself can be tried again."""
    failure = failure_of(answering(status, code))
    assert (failure.kind, failure.message) == (kind, SENTENCES[kind])
    assert failure.retryable == (kind != "internal")


def test_a_server_that_is_down_is_unavailable() -> None:
    """Refused connections."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        failure = failure_of(client_of(unused.getsockname()[1]))
    assert (failure.kind, failure.retryable) == ("unavailable", True)


def test_a_server_that_says_nothing_is_a_timeout(silent_port: int) -> None:
    """The rep is not kept waiting."""
    failure = failure_of(client_of(silent_port))
    assert (failure.kind, failure.retryable) == ("timeout", True)


def test_the_log_names_the_cause_and_no_value(caplog: pytest.LogCaptureFixture) -> None:
    """An operator sees the code; a customer's key is in no log."""
    failure_of(answering(400, "ThrottlingException"))
    assert "system=<catalog>, kind=<busy>, cause=<ThrottlingException>" in caplog.text
    assert "secret-4711" not in caplog.text


def test_a_client_gives_up_soon_and_takes_its_address_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One retry, a second to connect, three to read."""
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9")
    client = open_client()
    config = client.meta.config
    assert client.meta.endpoint_url == "http://127.0.0.1:9"
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries["total_max_attempts"] == 2


@pytest.fixture
def scripted() -> Iterator[tuple[Store, Stubber]]:
    """A store whose replies are written down: the local DynamoDB never cuts a page by itself."""
    client = client_of(1)
    with Stubber(client) as stubber:
        yield Store(client, "catalog"), stubber


QUERY = Query("reviews", "by_product", (equals("product_id", 1),), ("review_id",))
LAST = {"review_id": {"S": "R"}, "product_id": {"N": "1"}}


def page(*ids: str, last: bool = False) -> dict[str, Any]:
    """A page of a query as DynamoDB gives it."""
    items = [{"review_id": {"S": held}} for held in ids]
    return {"Items": items, "Count": len(ids)} | ({} if last else {"LastEvaluatedKey": LAST})


def test_a_query_is_read_page_by_page(scripted: tuple[Store, Stubber]) -> None:
    """Until there is no more."""
    store, stubber = scripted
    for reply in (page("a", "b"), page(), page("c", last=True)):
        stubber.add_response("query", reply)
    items, more = store.read(QUERY, pages=5)
    assert ([plain(item["review_id"]) for item in items], more) == (["a", "b", "c"], False)
    stubber.assert_no_pending_responses()


def test_a_query_that_is_not_read_to_its_end_says_so(scripted: tuple[Store, Stubber]) -> None:
    """A count that stopped half way is no count."""
    store, stubber = scripted
    for _ in range(4):
        stubber.add_response("query", page("a"))
    assert store.read(QUERY, pages=2)[1] is True
    assert store.count(QUERY, pages=2) is None
    stubber.assert_no_pending_responses()


def test_keys_that_were_left_unprocessed_are_asked_for_again(
    scripted: tuple[Store, Stubber],
) -> None:
    """A product is never silently absent."""
    store, stubber = scripted
    left = {"products": {"Keys": [{"product_id": {"N": "2"}}]}}
    first, second = ({"product_id": {"N": number}} for number in "12")
    stubber.add_response(
        "batch_get_item", {"Responses": {"products": [first]}, "UnprocessedKeys": left}
    )
    stubber.add_response("batch_get_item", {"Responses": {"products": [second]}})
    keys = [{"product_id": 1}, {"product_id": 2}]
    assert store.get_many("products", keys, ("product_id",)) == [first, second]


def test_keys_that_stay_unprocessed_are_a_busy_system(scripted: tuple[Store, Stubber]) -> None:
    """After three tries."""
    store, stubber = scripted
    left = {"products": {"Keys": [{"product_id": {"N": "2"}}]}}
    for _ in range(3):
        stubber.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": left})
    with pytest.raises(ToolFailure) as raised:
        store.get_many("products", [{"product_id": 2}], ("product_id",))
    assert raised.value.kind == "busy"


@pytest.mark.stack
def test_a_query_goes_on_behind_its_last_key(empty_database: Database) -> None:
    """Two pages of one query are the whole."""
    empty_database.put(
        "conversations",
        *(
            {
                "conversation_id": {"S": "c"}, "item": {"S": item},
                "rep_id": {"S": "r"}, "updated_at": {"S": item},
            }
            for item in ("a1", "a2", "a3", "b1")
        ),
    )  # fmt: skip
    store = Store(empty_database.client, "catalog")
    query = Query(
        empty_database.tables["conversations"],
        "by_rep",
        (equals("rep_id", "r"), begins("updated_at", "a")),
        ("conversation_id", "item", "rep_id", "updated_at"),
        newest_first=True,
    )
    page = store.query(query, limit=2)
    last = {name: plain(value) for name, value in page.items[-1].items()}
    rest = store.query(query, limit=5, start=last)
    assert [plain(item["item"]) for item in (*page.items, *rest.items)] == ["a3", "a2", "a1"]
    assert rest.next_key is None


@pytest.mark.stack
def test_a_condition_that_fails_hands_over_what_it_found(empty_database: Database) -> None:
    """The caller decides on the stored item without a second read."""
    store = Store(empty_database.client, "profile")
    request = {
        "TableName": empty_database.tables["verifications"],
        "Key": {"customer_id": {"S": "CUST001"}},
        "UpdateExpression": "SET tries = :one",
        "ConditionExpression": "attribute_not_exists(tries)",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    assert plain(store.update(request)["tries"]) == 1
    with pytest.raises(ConditionFailed) as raised:
        store.update(request)
    assert plain(raised.value.item["tries"]) == 1
