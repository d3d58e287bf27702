"""Adds customers who share the second customer's first name, one of them the last name too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deploy.seed.records import Records


def with_twins(records: Records) -> Records:
    """The records with two more customers of one name."""
    users, profiles = list(records.users), list(records.customer_profiles)
    for identity, last_name, username in (
        ("CUST9006", "Overton", "overton_2"),
        ("CUST9007", users[1]["last_name"], "namesake_7"),
    ):
        named: dict[str, Any] = {
            "customer_id": identity,
            "first_name": users[1]["first_name"],
            "last_name": last_name,
            "email": f"{username}@mail.example",
        }
        users.append(
            {**users[1], **named, "username": username, "created_at": "2019-05-04T10:00:00"}
        )
        profiles.append(
            {**profiles[1], **named, "tier": "Platinum", "phone": f"+1-555-{identity[-4:]}"}
        )
    return replace(records, users=tuple(users), customer_profiles=tuple(profiles))
