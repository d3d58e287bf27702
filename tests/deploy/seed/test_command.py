"""What ``./deskhand seed`` does, without the command line in front of it."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from deploy.seed.command import SeedSettingsError, SeedUnavailableError, run_seed
from tests.fixtures_seed import Stores

AURORA = ("users", "products", "orders")


def environment_of(stores: Stores, state: Path) -> dict[str, str]:
    """The addresses of a stack as the environment names them."""
    return {
        "DESKHAND_OWNER_DSN": stores.owner_dsn,
        "DESKHAND_TABLE_PREFIX": stores.tables["profiles"].removesuffix("-profiles"),
        "DESKHAND_STATE_DIR": str(state),
        "AWS_ENDPOINT_URL_DYNAMODB": stores.client.meta.endpoint_url,
        "AWS_REGION": "us-west-2",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }


@pytest.mark.stack
def test_without_a_number_only_the_sample_is_loaded(empty_stores: Stores, tmp_path: Path) -> None:
    """Both stores hold it, and nothing is written to the state folder."""
    report = run_seed(environment_of(empty_stores, tmp_path))
    assert report.sample["users"] == 5
    assert (report.generated, report.planted, report.planted_file) == (None, (), None)
    assert len(empty_stores.rows("SELECT id FROM store.users")) == 5
    assert len(empty_stores.items("warranties")) == 5
    assert list(tmp_path.iterdir()) == []


@pytest.mark.stack
def test_generated_data_is_reported_and_its_differences_are_kept(
    empty_stores: Stores, tmp_path: Path
) -> None:
    """The report is one JSON document; the planted differences are in the state folder too."""
    environment = environment_of(empty_stores, tmp_path / "state")
    report = run_seed(environment, customers=40, dynamodb_customers=30, seed=5)
    document = json.loads(json.dumps(report.to_dict()))
    assert document["generated"] == {
        "customers": 40,
        "orders_per_customer": 5,
        "dynamodb_customers": 30,
        "seed": 5,
        "orders": 200,
        "products": 40,
    }
    assert document["loaded"] == ["aurora", "dynamodb"]
    assert len(document["planted"]) == 7
    assert json.loads(Path(document["planted_file"]).read_text())["planted"] == document["planted"]


@pytest.mark.stack
def test_no_more_customers_get_records_in_dynamodb_than_there_are(
    empty_stores: Stores, tmp_path: Path
) -> None:
    """The usual number for DynamoDB is cut to the number of customers."""
    report = run_seed(environment_of(empty_stores, tmp_path), customers=9)
    assert report.generated is not None
    assert report.generated["dynamodb_customers"] == 9
    assert len(empty_stores.items("profiles")) == 14


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ((-1, 5, None), "between 0 and 5,000,000 customers"),
        ((5_000_001, 5, None), "between 0 and 5,000,000 customers"),
        ((10, -1, None), "between 0 and 100 orders"),
        ((10, 5, -1), "cannot be negative"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers: tuple[int, int, int | None], said: str) -> None:
    """Before anything is opened, with what is allowed."""
    customers, orders, dynamodb_customers = numbers
    with pytest.raises(SeedSettingsError, match=said):
        run_seed(
            {"DESKHAND_OWNER_DSN": "host=127.0.0.1"},
            customers=customers,
            orders_per_customer=orders,
            dynamodb_customers=dynamodb_customers,
        )


@pytest.mark.stack
def test_no_customers_at_all_takes_generated_data_away(
    empty_stores: Stores, tmp_path: Path
) -> None:
    """Only the sample is left, in both stores, and new data can be generated."""
    environment = environment_of(empty_stores, tmp_path)
    run_seed(environment, customers=30)
    report = run_seed(environment, customers=0)
    rows = [len(empty_stores.rows(f"SELECT id FROM store.{table}")) for table in AURORA]
    assert (rows, len(empty_stores.items("profiles"))) == ([5, 10, 5], 5)
    assert (report.loaded, report.planted) == (("aurora", "dynamodb"), ())
    assert run_seed(environment, customers=30).loaded == ("aurora", "dynamodb")


def test_a_missing_login_is_named() -> None:
    """The setting, and what it looks like."""
    with pytest.raises(SeedSettingsError, match="DESKHAND_OWNER_DSN is not set"):
        run_seed({})


def test_a_database_that_is_not_there_is_named_without_its_login(tmp_path: Path) -> None:
    """The sentence says what to check and holds no password."""
    environment = {
        "DESKHAND_OWNER_DSN": "host=127.0.0.1 port=1 user=deskhand_owner password=secret",
        "AWS_REGION": "us-west-2",
        "DESKHAND_STATE_DIR": str(tmp_path),
    }
    with pytest.raises(SeedUnavailableError, match="Aurora cannot be reached") as raised:
        run_seed(environment)
    assert "secret" not in str(raised.value)


@pytest.mark.stack
def test_a_full_disk_of_aurora_is_no_wrong_login(empty_stores: Stores, tmp_path: Path) -> None:
    """Psycopg counts both among what the database is in no condition for."""
    with psycopg.connect(empty_stores.owner_dsn) as connection:
        connection.execute(
            "CREATE FUNCTION store.full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
            "CREATE TRIGGER full_disk BEFORE INSERT ON store.users"
            " FOR EACH ROW EXECUTE FUNCTION store.full_disk()"
        )
    with pytest.raises(SeedUnavailableError, match="Aurora's disk is full"):
        run_seed(environment_of(empty_stores, tmp_path))


@pytest.mark.stack
def test_a_proxy_of_the_environment_is_not_asked_for_the_local_stack(
    empty_stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot reach this machine; and differences are reported where no file can be written."""
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "file").touch()
    report = run_seed(environment_of(empty_stores, tmp_path / "file" / "state"), customers=12)
    assert len(empty_stores.items("profiles")) == 17
    assert (report.planted_file, len(report.planted) > 0) == (None, True)


@pytest.mark.stack
def test_missing_tables_are_named(empty_stores: Stores, tmp_path: Path) -> None:
    """A wrong prefix is the likely reason, and the sentence says where it is set."""
    environment = environment_of(empty_stores, tmp_path) | {"DESKHAND_TABLE_PREFIX": "elsewhere"}
    with pytest.raises(SeedUnavailableError, match="DESKHAND_TABLE_PREFIX"):
        run_seed(environment)
