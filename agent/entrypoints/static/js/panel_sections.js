// The four sections of the customer panel. Each names its system and when it was read.

import { ordersChart } from "./chart.js";
import { h } from "./dom.js";
import { count, day, daysLeft, exactClock, localDay, money } from "./format.js";
import { head, systemName } from "./words.js";

export function source(system, at, remark = "") {
  const read = localDay(at) === localDay(Date.now()) ? exactClock(at) : `${localDay(at)} ${exactClock(at)}`;
  return h("p", { class: "source" }, `${systemName(system)} · read ${read}${remark ? ` · ${remark}` : ""}`);
}

export const badge = (text, kind = text) => h("span", { class: "badge", data: { kind: String(kind).toLowerCase() } }, text);

const row = (kind, id, ...cells) => h("tr", { data: { record: `${kind} ${id}` } }, ...cells);

function table(label, heads, rows) {
  const headings = heads.map(([text, kind]) => h("th", { scope: "col", class: kind ?? null }, text));
  return h("div", { class: "table-frame", role: "group", tabindex: "0", "aria-label": label }, h("table", {}, h("thead", {}, h("tr", {}, ...headings)), h("tbody", {}, ...rows)));
}

const nothing = (text) => h("p", { class: "nothing" }, text);

function cut(shown, { total, truncated }, what) {
  if (!truncated && (total === null || total === undefined || total <= shown)) return null;
  return h("p", { class: "quiet" }, total ? `The newest ${shown} of ${count(total, what)}.` : `The first ${shown}; there are more.`);
}

export function ordersSection({ data, at }) {
  const { orders = [], sum } = data;
  if (!orders.length) return [nothing("No orders."), source("aurora", at)];
  const rows = orders.map((order) =>
    row("order", order.order_id, h("th", { scope: "row" }, `${order.order_id}`), h("td", {}, day(order.order_date)), h("td", {}, badge(order.status)), h("td", { class: "number" }, money(order.total_amount))),
  );
  return [
    ordersChart(orders, data.total),
    table("Orders", [["Order"], ["Date"], ["Status"], ["Total", "number"]], rows),
    cut(orders.length, data, "order"),
    sum ? h("p", { class: "sum" }, h("span", {}, "Sum of all orders"), h("strong", {}, money(sum))) : null,
    source("aurora", at, "orders have no lines: what was in one is not recorded"),
  ];
}

export function warrantiesSection({ data, at }) {
  const { warranties = [] } = data;
  const cards = warranties.map((warranty) =>
    h(
      "li",
      { data: { record: `warranty ${warranty.serial_number}` } },
      h("div", { class: "card-head" }, h("strong", {}, warranty.product_name), badge(warranty.status === "not_started" ? "not started" : warranty.status, warranty.status)),
      h("p", { class: "quiet" }, h("code", {}, warranty.serial_number), ` · ${warranty.warranty_type}`),
      h("p", {}, `${day(warranty.purchase_date)} to ${day(warranty.warranty_end_date)} · `, h("strong", {}, daysLeft(warranty))),
      h("p", { class: "quiet" }, warranty.coverage_details),
      warranty.matched_by === "similar_name" ? h("p", { class: "warn-text" }, `Held by “${warranty.customer_name}”: a similar name only.`) : null,
    ),
  );
  return [
    warranties.length ? h("ul", { class: "cards" }, ...cards) : nothing("No warranty under this name."),
    cut(warranties.length, data, "warranty"),
    source("warranty", at, "tied to the customer by name"),
  ];
}

export function reviewsSection({ data, at }) {
  const { reviews = [] } = data;
  const cards = reviews.map((review) =>
    h(
      "li",
      { data: { record: `review ${review.review_id}` } },
      h("div", { class: "card-head" }, h("strong", {}, review.title ?? "Untitled"), stars(review.rating)),
      h("blockquote", {}, review.comment ?? ""),
      h("p", { class: "quiet" }, `${review.review_id} · product ${review.product_id} · ${day(review.created_at)} · ${review.verified_purchase ? "marked as verified purchase" : "not a verified purchase"}`),
    ),
  );
  return [reviews.length ? h("ul", { class: "cards" }, ...cards) : nothing("No reviews."), cut(reviews.length, data, "review"), source("catalog", at)];
}

function stars(rating) {
  const shown = Math.max(0, Math.min(5, Number(rating) || 0));
  return h("span", { class: "stars", role: "img", "aria-label": `${shown} of 5 stars` }, "★".repeat(shown), h("span", { class: "off" }, "★".repeat(5 - shown)));
}

const pair = (label, value) => h("div", {}, h("dt", {}, label), h("dd", {}, value ?? "unknown"));

export function profileSection({ profile, account, lifetime, orders, information }) {
  return [...(profile ? profilePairs(profile) : []), ...(account ? accountPairs(account) : []), ...lifetimeNote(lifetime, orders), ...remarks(information)];
}

function profilePairs({ data, at }) {
  const { street, city, state, zip, country } = data.address ?? {};
  const lines = [street, [city, state, zip].filter(Boolean).join(", "), country].filter(Boolean);
  return [
    h("h3", {}, "Profile"),
    h(
      "dl",
      { class: "pairs" },
      pair("Name", [data.first_name, data.last_name].filter(Boolean).join(" ")),
      pair("E-mail", data.email),
      pair("Phone", data.phone),
      pair("Address", h("span", { class: "lines" }, lines.join("\n"))),
      pair("Registered", day(data.registration_date)),
      pair("Support cases", String(data.support_cases_count ?? "unknown")),
      pair("Purchases", String(data.total_purchases ?? "unknown")),
      pair(head("lifetime_value"), money(data.lifetime_value)),
    ),
    data.notes ? h("div", { class: "note" }, h("h4", {}, "Notes"), h("blockquote", {}, data.notes)) : null,
    source("profile", at),
  ];
}

function accountPairs({ data, at }) {
  return [
    h("h3", {}, "Account"),
    h("dl", { class: "pairs" }, pair("User name", data.username), pair("E-mail", data.email), pair("Name", [data.first_name, data.last_name].filter(Boolean).join(" ")), pair("Since", day(data.created_at))),
    source("aurora", at),
  ];
}

function lifetimeNote(lifetime, orders) {
  if (!lifetime?.differs || !orders) return [];
  const told = `${count(lifetime.orders, "order")} for ${money(lifetime.orders_total)} in Aurora; ${count(lifetime.profile_total_purchases, "purchase")} for ${money(lifetime.profile_lifetime_value)} in the profile.`;
  return [h("h3", {}, "Two counts of what was bought"), h("p", {}, told), h("p", { class: "quiet" }, lifetime.note)];
}

const remarks = (information) => (information?.length ? [h("h3", {}, "Worth knowing"), h("ul", {}, ...information.map((text) => h("li", {}, text)))] : []);

export function differences(found) {
  if (!found.length) return null;
  return h(
    "details",
    { class: "notice warn differences" },
    h("summary", {}, h("strong", {}, `${count(found.length, "difference")} between systems`)),
    h(
      "ul",
      {},
      ...found.map(({ message, values }) =>
        h("li", {}, h("p", {}, message), h("dl", { class: "pairs" }, ...Object.entries(values ?? {}).map(([system, value]) => pair(systemName(system), typeof value === "object" ? JSON.stringify(value) : String(value))))),
      ),
    ),
  );
}
