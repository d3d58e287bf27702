"""Several customers with one phone number: which of them is asked back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deploy.seed.records import sample_records
from tests.deploy.local.bedrock.understudy.fake_desk import FakeDesk

SHARED = "+1-555-7000"


@pytest.mark.parametrize(
    ("customers", "count"),
    [(2, "fits 2 customers"), (5, "fits 5 customers"), (7, "fits more than 5 customers")],
)
def test_who_is_meant_by_a_phone_of_several_is_asked_with_its_source(
    customers: int, count: str
) -> None:
    """The profile system knows phones, not Aurora; a list that is cut says so."""
    records = sample_records()
    first = records.customer_profiles[0]
    household = [
        {**first, "customer_id": f"CUST{7000 + number}", "phone": SHARED}
        for number in range(customers)
    ]
    shared = replace(records, customer_profiles=(*records.customer_profiles, *household))
    told = FakeDesk(shared).ask(f"who has the phone number {SHARED}")
    assert told.outcome == "clarify"
    assert count in told.text
    assert "in the profile system" in told.text
    assert "Aurora" not in told.text
    assert ("The first 5 are listed." in told.text) == (customers > 5)
