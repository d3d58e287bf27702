"""A fake of the tools behind the gateway, warranties and profiles, over records in memory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from deploy.seed.records import Records
from tests.deploy.local.bedrock.understudy.fake_likeness import close_rows
from tests.deploy.local.bedrock.understudy.fake_rows import Result, Row, page
from tools import spelling


class FakeWarranty:
    """Warranties, against one fixed day."""

    def __init__(self, records: Records, today: date) -> None:
        self.today = today
        self.warranties = [self._judged(w) for w in records.warranties]

    def _judged(self, warranty: Row) -> Result:
        left = (date.fromisoformat(warranty["warranty_end_date"]) - self.today).days
        started = date.fromisoformat(warranty["purchase_date"]) <= self.today
        status = ("active" if left >= 0 else "expired") if started else "not_started"
        return {**warranty, "status": status, "days_left": left}

    def check_warranty_status(self, serial_number: str) -> Result:
        """One warranty by its serial number."""
        wanted = spelling.serial_number(serial_number)
        found = next((w for w in self.warranties if w["serial_number"] == wanted), None)
        return {"found": found is not None, "as_of": self.today.isoformat(), "warranty": found}

    def find_warranties(self, customer_name: str = "", product_name: str = "") -> Result:
        """Warranties by holder or product, tied by name only."""
        rows: list[Row] = [{**w, "matched_by": "name"} for w in self.warranties]
        for field, said in (("customer_name", customer_name), ("product_name", product_name)):
            rows = _same_or_close(rows, said, field) if said else rows
        return page(rows, 20, "warranties", as_of=self.today.isoformat(), tie="by name")


def _same_or_close(rows: list[Row], said: str, field: str) -> list[Row]:
    same = [w for w in rows if spelling.name(w[field]) == spelling.name(said)]
    if same:
        return same
    close = [pair for pair in close_rows(rows, said, lambda w: w[field]) if pair[1] >= 0.45]
    return [{**w, "matched_by": "similar_name"} for w, _ in close]


class FakeProfiles:
    """Customer profiles, without dates of birth."""

    def __init__(self, records: Records) -> None:
        self.births = {p["customer_id"]: p["date_of_birth"] for p in records.customer_profiles}
        self.profiles: list[Row] = [
            {
                k: str(v) if k == "lifetime_value" else v
                for k, v in p.items()
                if k != "date_of_birth"
            }
            for p in records.customer_profiles
        ]

    def get_customer_profile(
        self, customer_id: str = "", email: str = "", phone: str = ""
    ) -> Result:
        """One profile by id, e-mail or phone."""
        found = [
            p
            for p in self.profiles
            if (customer_id and p["customer_id"] == spelling.customer_id(customer_id))
            or (email and p["email"].casefold() == spelling.email(email))
            or (phone and spelling.phone(p["phone"]) == spelling.phone(phone))
        ]
        if len(found) > 1:
            shown = ("customer_id", "first_name", "last_name")
            candidates = [{field: p[field] for field in shown} for p in found[:5]]
            cut = len(found) > 5
            return {"found": True, "profile": None, "candidates": candidates, "truncated": cut}
        return {"found": bool(found), "profile": dict(found[0]) if found else None}

    def list_customer_profiles(
        self, tier: str = "", min_lifetime_value: Any = None, limit: int = 10
    ) -> Result:
        """Profiles by tier or least lifetime value, richest first."""
        kept = (
            "customer_id",
            "first_name",
            "last_name",
            "tier",
            "lifetime_value",
            "total_purchases",
        )
        more = ("support_cases_count", "registration_date")
        rows: list[Row] = [
            {field: p[field] for field in kept + more}
            for p in sorted(self.profiles, key=lambda p: -Decimal(p["lifetime_value"]))
            if (not tier or p["tier"].casefold() == tier.casefold())
            and Decimal(p["lifetime_value"]) >= Decimal(str(min_lifetime_value or 0))
        ]
        return page(rows, limit, "profiles")

    def verify_customer(
        self, customer_id: str, date_of_birth: str = "", phone_last4: str = "", zip: str = ""
    ) -> Result:
        """Whether what a caller says fits the profile."""
        profile = next(
            (p for p in self.profiles if p["customer_id"] == spelling.customer_id(customer_id)),
            None,
        )
        checks = [
            (date_of_birth, self.births.get(customer_id, "")),
            (phone_last4, spelling.phone(profile["phone"])[-4:] if profile else ""),
            (zip, profile["address"]["zip"] if profile else ""),
        ]
        given = [(said, known) for said, known in checks if said]
        good = (
            profile is not None and len(given) >= 2 and all(said == known for said, known in given)
        )
        return {"status": "verified" if good else "not_verified", "attempts_left": 3 if good else 2}
