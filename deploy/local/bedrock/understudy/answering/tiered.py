"""Orders of the customers of a tier: the tier is in one system, the orders in another."""

from __future__ import annotations

from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import plural, safe
from deploy.local.bedrock.understudy.answering.numbers import within
from deploy.local.bedrock.understudy.answering.order_tables import BEGINNING, order_rows, summed
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject

_MOST = 50


def orders_of_tier(work: Work, ask: Ask) -> list[Section] | None:
    """Orders whose customer has the tier."""
    filters = ask.filters
    tool = "profile___list_customer_profiles"
    profiles = work.look.get(tool, tier=filters.tier, limit=_MOST)
    since = filters.since or ("" if filters.status or filters.until else BEGINNING)
    given = {"status": filters.status, "since": since, "until": filters.until}
    placed = work.look.get("list_orders", limit=_MOST, **given)
    if profiles is None or placed is None:
        return None
    if failed(profiles) or failed(placed):
        return [Section("Orders by the tier of their customers could not be asked.")]
    wanted = {str(row.get("customer_id")) for row in rows(profiles, "profiles")}
    found = [
        row
        for row in rows(placed, "orders")
        if str(row.get("customer_id")) in wanted and within(row.get("total_amount"), filters)
    ]
    status = f", status {filters.status}" * bool(filters.status)
    title = f"**Orders of {safe(filters.tier)} customers{status}** (Aurora, profile system)"
    cut = profiles.get("truncated") or placed.get("truncated")
    note = f"\n\nOnly the first {_MOST} customers and orders were looked at." * bool(cut)
    if not found:
        return [Section(f"{title}: none.{note}")]
    listed = tuple(Subject("order", "id", str(row.get("order_id"))) for row in found)
    shown = order_rows(found, one_customer=False)
    note += f"\n\n{summed(found)}" if ask.want in ("order_total", "spent") else ""
    text = f"{title}: {plural(len(found), 'order')}.\n\n{shown}{note}"
    return [Section(text, spoke_of=listed if len(listed) == 1 else (), listed=listed)]
