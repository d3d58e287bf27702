// The head of the panel: who it is, how to reach the customer, and what matters at a glance.

import { button, h } from "./dom.js";
import { count, day, exactClock, money } from "./format.js";
import { icon } from "./icons.js";
import { nameOf } from "./customers.js";
import { badge } from "./panel_sections.js";
import { plain, systemName } from "./words.js";

const initials = (name) => name.split(/\s+/).filter(Boolean).map((word) => [...word][0]).slice(0, 2).join("").toUpperCase();

// What the button that opens the panel on a small screen says.
export function shortHead(customerId, { account, profile }) {
  const name = nameOf({ account, profile }) || customerId;
  const tier = profile?.data.tier;
  return [h("span", { class: "short-name" }, name), tier ? badge(tier) : h("span", { class: "quiet" }, customerId)];
}

export function headElement(customerId, { sections, readAt }, { read, copy, loading, others }) {
  const { account, profile, orders } = sections;
  const name = nameOf(sections);
  const refresh = button([icon("retry")], read, { class: "small icon-only ghost", "aria-label": "Read this customer again", title: "Read again" });
  refresh.disabled = loading;
  return h(
    "div",
    {},
    h(
      "div",
      { class: "identity" },
      h("span", { class: "avatar", "aria-hidden": "true" }, initials(name) || "?"),
      h(
        "div",
        { class: "identity-text" },
        h("div", { class: "name-line" }, h("h2", {}, name || customerId), profile?.data.tier ? badge(profile.data.tier) : null),
        h("p", { class: "quiet" }, [customerId, since(account, profile)].filter(Boolean).join(" · ")),
      ),
      refresh,
    ),
    h("div", { class: "reach" }, ...reach(sections, copy)),
    profile?.data.communication_preferences ? preferences(profile.data.communication_preferences) : null,
    facts(profile, orders),
    profile?.data.notes ? h("p", { class: "head-note" }, h("span", { class: "quiet" }, "Note "), h("q", {}, profile.data.notes)) : null,
    h("p", { class: "source", role: "status" }, loading ? "Reading every system…" : readAt ? `Read ${exactClock(readAt)}` : ""),
    others,
  );
}

function since(account, profile) {
  const date = account?.data.created_at ?? profile?.data.registration_date;
  return date ? `since ${day(date)}` : "";
}

// When two systems know different addresses, both are shown with their systems.
function reach({ account, profile }, copy) {
  const mails = new Map();
  for (const [system, section] of [["aurora", account], ["profile", profile]]) {
    const mail = section?.data.email;
    if (mail) mails.set(mail, [...(mails.get(mail) ?? []), systemName(system)]);
  }
  const entries = [...mails].map(([mail, systems]) => contact(mail, mails.size > 1 ? systems.join(", ") : "", "E-mail copied.", copy));
  if (profile?.data.phone) entries.push(contact(profile.data.phone, "", "Phone number copied.", copy));
  return entries;
}

function contact(value, remark, said, copy) {
  return h("span", { class: "contact" }, h("span", {}, value), remark ? h("span", { class: "quiet" }, remark) : null, button([icon("copy")], () => copy(value, said), { class: "icon-only ghost tiny", "aria-label": `Copy ${value}`, title: "Copy" }));
}

function preferences(chosen) {
  const ways = [["email", "e-mail"], ["phone", "phone"], ["sms", "SMS"]].filter(([key]) => typeof chosen[key] === "boolean");
  const chip = ([key, label]) => h("li", { class: chosen[key] ? "yes" : "no" }, icon(chosen[key] ? "check" : "close"), chosen[key] ? plain(label) : `no ${label}`);
  return h("ul", { class: "preferences", "aria-label": "May be contacted by" }, ...ways.map(chip));
}

function facts(profile, orders) {
  const shown = [];
  if (orders?.data.sum) shown.push([money(orders.data.sum), count(orders.data.total ?? 0, "order"), "aurora"]);
  if (profile?.data.lifetime_value) shown.push([money(profile.data.lifetime_value), "lifetime value", "profile"]);
  if (typeof profile?.data.support_cases_count === "number") shown.push([String(profile.data.support_cases_count), "support cases", "profile"]);
  if (!shown.length) return null;
  return h("dl", { class: "facts" }, ...shown.map(([value, label, system]) => h("div", {}, h("dt", {}, label, h("span", { class: "of" }, systemName(system))), h("dd", {}, value))));
}
