"""The data of a seed is the very data that is loaded into the stores."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from deploy.seed.records import SAMPLE_FOLDER
from evals.data import DatabaseError, Records, SeedError, customers_of, data_hash, records_of
from evals.facts import TABLES


def test_the_base_is_the_sample() -> None:
    """Records are spelled as in the sample's files."""
    base = records_of("base")
    assert list(base) == list(TABLES)
    for table in TABLES:
        text = (SAMPLE_FOLDER / f"{table}.json").read_text(encoding="utf-8")
        assert list(base[table]) == json.loads(text)


def test_generated_customers_lie_beside_the_sample() -> None:
    """Each generated customer has a profile, and five orders on average."""
    base, more = records_of("base"), records_of("generated:200")
    assert customers_of("generated:200") == 200
    assert len(more["users"]) == len(base["users"]) + 200
    assert len(more["customer_profiles"]) == len(base["customer_profiles"]) + 200
    assert len(more["orders"]) == len(base["orders"]) + 1000
    assert more["users"][: len(base["users"])] == base["users"]


@pytest.mark.parametrize("table", TABLES)
def test_generated_records_have_the_fields_of_the_sample(table: str) -> None:
    """A fact that holds on the sample can be asked of generated data."""
    sample = records_of("base")[table]  # type: ignore[index]  # one of the tables
    made = records_of("generated:200")[table][-1]  # type: ignore[index]  # as above
    assert set(made) == set(sample[0])
    assert {field: type(made[field]) for field in made} == {
        field: type(sample[0][field]) for field in made
    }


def test_a_folder_is_read_like_the_sample(tmp_path: Path) -> None:
    """Data of one's own is a folder of the same files."""
    for table in TABLES:
        rows = [{"customer_id": "CUST900"}] if table == "users" else []
        (tmp_path / f"{table}.json").write_text(json.dumps(rows))
    records = records_of(f"./{tmp_path.name}", tmp_path.parent)
    assert records["users"] == ({"customer_id": "CUST900"},)
    assert records["orders"] == ()
    assert data_hash(records) != data_hash(records_of("base"))


@pytest.mark.parametrize("text", ["[", "{}", "[1]"])
def test_a_folder_that_holds_no_records_is_refused(tmp_path: Path, text: str) -> None:
    """A missing file, a broken one and one of another shape are named."""
    with pytest.raises(SeedError, match=r"users\.json"):
        records_of(str(tmp_path))
    (tmp_path / "users.json").write_text(text)
    with pytest.raises(SeedError, match=r"users\.json"):
        records_of(str(tmp_path))


def test_equal_records_have_equal_hashes() -> None:
    """A report can say on which data it was made."""
    base = records_of("base")
    assert data_hash(base) == data_hash(Records(dict(base)))
    assert data_hash(base.with_rows({"users": [{"customer_id": "CUST900"}]})) != data_hash(base)


def test_rows_of_a_case_are_in_its_copy_alone() -> None:
    """Cases that share a seed do not see one another's rows."""
    base = records_of("base")
    more = base.with_rows({"users": [{"customer_id": "CUST900", "nickname": "Zoë"}]})
    count = "select count(*) from users"
    assert more.database.ask("select plain(nickname) from users where nickname > ''", {}) == [
        ("zoe",)
    ]
    assert base.database.ask(count, {}) == [(5,)]
    assert more.database.ask(count, {}) == [(6,)]
    assert len(more["users"]) == 6


@pytest.mark.parametrize(
    "statement", ["delete from users", "drop table users", "select * from nowhere", "select", "?"]
)
def test_a_statement_can_only_read(statement: str) -> None:
    """What a case file says cannot change the data of the others."""
    with pytest.raises(DatabaseError):
        records_of("base").database.ask(statement, {})
    assert records_of("base").database.ask("select count(*) from users", {}) == [(5,)]


def test_ten_thousand_customers_are_made_within_seconds() -> None:
    """Made, put into the database and hashed: some 2 s of work on the machine of the builders."""
    began = time.process_time()
    records = records_of("generated:10000")
    assert records.database.ask("select count(*) from users", {}) == [(10_005,)]
    assert len(data_hash(records)) == 16
    assert time.process_time() - began < 10


def test_three_hundred_questions_to_ten_thousand_customers_are_quick() -> None:
    """Look-ups by key use an index; unindexed, they take a minute."""
    database = records_of("generated:10000").database
    began = time.process_time()
    for number in range(300):
        values = {"customer": f"CUST{1000 + number * 33}"}
        statement = "select sum(total_amount) from orders where customer_id = :customer"
        assert len(database.ask(statement, values)) == 1
    assert time.process_time() - began < 0.5
