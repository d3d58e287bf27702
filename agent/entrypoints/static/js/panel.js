// The customer panel. It shows one customer, says whose data it is, and is empty as soon as that is open.

import { ApiError } from "./api.js";
import { Customers } from "./customers.js";
import { button, h, only } from "./dom.js";
import { headElement, shortHead } from "./panel_head.js";
import { differences, ordersSection, profileSection, reviewsSection, warrantiesSection } from "./panel_sections.js";
import { recordCard } from "./record_card.js";
import { Tabs } from "./tabs.js";
import { list, systemName } from "./words.js";

const FRESH_MS = 60_000;
const SECTIONS = [
  ["orders", "aurora", ordersSection, ({ data }) => data.total ?? data.orders?.length],
  ["warranties", "warranty", warrantiesSection, ({ data }) => data.total ?? data.warranties?.length],
  ["reviews", "catalog", reviewsSection, ({ data }) => data.total ?? data.reviews?.length],
];
const TAB_OF = { order: "orders", warranty: "warranties", review: "reviews", customer: "profile" };

export class Panel {
  #api;
  #host;
  #root = only("panel-content");
  #short = only("panel-opener-label");
  #switch = h("div", { class: "switch", role: "group", "aria-label": "Customers of this answer" });
  #head = h("div", { class: "panel-head" });
  #card = h("div", {});
  #tabs = new Tabs("Customer", [["orders", "Orders"], ["warranties", "Warranties"], ["reviews", "Reviews"], ["profile", "Profile"]]);
  #customerId = null;
  #about = [];
  #isChosen = false;
  #isWaiting = false;
  #mark = null;
  #problem = "";
  #loading = null;

  // host: {reveal, copy}
  constructor(api, host) {
    this.#api = api;
    this.#host = host;
    this.forget();
  }

  get customerId() {
    return this.#customerId;
  }

  // Another conversation: nothing of the last one stays.
  forget() {
    this.customers = new Customers();
    this.#about = [];
    this.clear("The customer’s orders, warranties, reviews and profile appear here as soon as a system has told who it is.");
  }

  clear(why, isWaiting = false) {
    this.#leave();
    this.#isWaiting = isWaiting;
    this.#customerId = null;
    this.#short.textContent = "Customer";
    this.#root.replaceChildren(h("div", { class: "panel-empty" }, h("h2", {}, "No customer"), h("p", {}, why), this.#others(null)));
  }

  // Several fit: the rep says which one is meant.
  choose(candidates) {
    this.clear(candidates.length ? "Several customers fit. Choose one to see the record." : "No customer was found.");
    const items = candidates.map((customer) => {
      const name = [customer.first_name, customer.last_name].filter(Boolean).join(" ") || customer.customer_id;
      const open = () => this.#choose(customer.customer_id);
      return h("li", {}, button([h("strong", {}, name), h("span", { class: "quiet" }, [customer.customer_id, customer.email].filter(Boolean).join(" · "))], open, { class: "choice" }));
    });
    if (items.length) this.#root.append(h("ul", { class: "choices" }, ...items));
  }

  // A new question: whom it is about is open until a system has told.
  ask() {
    this.#about = [];
    this.#isChosen = false;
    this.#draw();
  }

  // A call about somebody else has begun: the old record goes before the new one is here.
  expect(said) {
    if (said === null || this.#customerId === null || this.#about.includes(this.#customerId)) return;
    if (!this.customers.isKnownBy(this.#customerId, said)) this.clear(`Asking about ${said}…`, true);
  }

  // The answer is there, and nobody was identified by it.
  settle() {
    if (this.#isWaiting) this.clear("No system has told who it is.");
  }

  // The customers of the newest answer: the first is shown, unless the rep has chosen another.
  about(ids) {
    this.#about = ids;
    if (this.#isChosen && ids.includes(this.#customerId)) this.#draw();
    else this.show(ids[0]);
  }

  #choose(customerId) {
    this.#isChosen = true;
    this.show(customerId);
  }

  show(customerId) {
    const changed = customerId !== this.#customerId;
    if (changed) {
      this.#leave();
      this.#isWaiting = false;
      this.#customerId = customerId;
      this.#card.replaceChildren();
      this.#tabs.open("orders");
      this.#root.replaceChildren(this.#switch, this.#head, this.#card, this.#tabs.list, this.#tabs.panels);
    }
    const { readAt } = this.customers.of(customerId);
    if (!(readAt && Date.now() - readAt < FRESH_MS) && !this.#loading) this.read();
    this.#draw();
  }

  // Reads the whole record anew.
  async read() {
    const id = this.#customerId;
    const reading = new AbortController();
    this.#loading = reading;
    this.#problem = "";
    this.#draw();
    try {
      const data = await this.#api.get(`/api/customers/${encodeURIComponent(id)}`, { signal: reading.signal });
      if (reading.signal.aborted) return;
      if (data.found === false) this.#problem = "No system knows this customer any more.";
      else {
        this.customers.learnWhole(id, data, timeOf(data.read_at));
        this.#host.learned({ ok: true, data, system: "local", tool: "get_customer_360", at: timeOf(data.read_at) });
      }
    } catch (error) {
      if (reading.signal.aborted) return;
      this.#problem = error instanceof ApiError ? `${error.message}${error.requestId ? ` (request id ${error.requestId})` : ""}` : "The console's server could not be reached.";
    }
    this.#loading = null;
    this.#draw();
  }

  // Opens what an id in an answer stands for.
  open(record) {
    const { kind, id, customerId } = record;
    const owner = kind === "customer" ? id : customerId;
    if (owner) {
      this.#mark = kind === "customer" ? null : { kind, id, record };
      this.show(owner);
      this.#tabs.open(kind === "customer" ? "orders" : TAB_OF[kind]);
      this.#draw();
    } else if (!this.#row(kind, id)) this.#showCard(record);
    else {
      this.#mark = { kind, id, record };
      this.#tabs.open(TAB_OF[kind]);
      this.#point();
    }
    this.#host.reveal();
  }

  openTab(number) {
    if (this.#customerId === null) return;
    this.#host.reveal();
    this.#tabs.openNumber(number);
  }

  #showCard(record) {
    const close = () => (this.#customerId === null ? this.clear("The record is closed.") : this.#card.replaceChildren());
    this.#card.replaceChildren(recordCard(record, close));
    if (this.#customerId === null) this.#root.replaceChildren(this.#card);
    this.#card.querySelector("section").scrollIntoView({ block: "nearest" });
  }

  #leave() {
    this.#loading?.abort();
    this.#loading = null;
    this.#problem = "";
    this.#mark = null;
  }

  #draw() {
    if (this.#customerId === null) return;
    const known = this.customers.of(this.#customerId);
    const { sections } = known;
    this.#drawSwitch();
    this.#short.replaceChildren(...shortHead(this.#customerId, sections));
    const actions = { read: () => this.read(), copy: this.#host.copy, loading: Boolean(this.#loading), others: this.#others(this.#customerId) };
    this.#head.replaceChildren(headElement(this.#customerId, known, actions), ...this.#warnings(known));
    for (const [key, system, draw, number] of SECTIONS) {
      const section = sections[key];
      if (section) this.#tabs.fill(key, String(number(section) ?? ""), ...draw(section));
      else this.#tabs.fill(key, known.unavailable.includes(system) ? "!" : "", this.#missing(system, known));
    }
    const hasProfile = sections.profile || sections.account;
    const profile = hasProfile ? profileSection({ ...sections, lifetime: known.lifetime, information: known.information }) : [];
    if (!sections.profile) profile.unshift(this.#missing("profile", known));
    this.#tabs.fill("profile", known.unavailable.includes("profile") ? "!" : "", ...profile);
    this.#point();
  }

  #warnings({ differences: found, unavailable }) {
    const warnings = [differences(found)];
    if (unavailable.length) warnings.push(h("p", { class: "notice bad" }, h("span", {}, h("strong", {}, "Could not be loaded: "), `${list(unavailable.map(systemName))}. What is known there is missing here.`)));
    if (this.#problem) warnings.push(h("p", { class: "notice bad", role: "alert" }, h("span", {}, h("strong", {}, "Not read: "), this.#problem)));
    return warnings.filter(Boolean);
  }

  #missing(system, { unavailable }) {
    if (this.#loading) return h("p", { class: "nothing" }, `Reading ${systemName(system)}…`);
    if (unavailable.includes(system) || this.#problem) return h("p", { class: "nothing bad-text" }, `${systemName(system)} could not be asked. This does not mean that there is nothing.`);
    return h("p", { class: "nothing" }, `${systemName(system)} has nothing about this customer.`);
  }

  // An answer about several customers: who of them is shown is the rep's to say.
  #drawSwitch() {
    const names = new Map(this.customers.named());
    this.#switch.hidden = this.#about.length < 2;
    const choices = this.#about.map((id) => [id, names.get(id) ?? id]).map(([id, name]) => button(name, () => this.#choose(id), { class: "small", "aria-pressed": String(id === this.#customerId), title: `Show ${id}` }));
    this.#switch.replaceChildren(h("span", { class: "quiet" }, "This answer is about"), ...choices);
  }

  #others(current) {
    const here = this.#about.length > 1 ? this.#about : [];
    const others = this.customers.named().filter(([id]) => id !== current && !here.includes(id));
    if (!others.length) return null;
    return h("div", { class: "others" }, h("span", { class: "quiet" }, "Also in this conversation:"), ...others.map(([id, name]) => button(name, () => this.#choose(id), { class: "small", title: `Show ${id}` })));
  }

  #row(kind, id) {
    return this.#customerId === null ? null : this.#tabs.panels.querySelector(`[data-record="${CSS.escape(`${kind} ${id}`)}"]`);
  }

  #point() {
    for (const marked of this.#tabs.panels.querySelectorAll(".marked")) marked.classList.remove("marked");
    if (!this.#mark) return;
    const found = this.#row(this.#mark.kind, this.#mark.id);
    found?.classList.add("marked");
    found?.scrollIntoView({ block: "nearest" });
    if (!found && !this.#loading) this.#showCard(this.#mark.record);
  }
}

const timeOf = (stamp) => (typeof stamp === "number" ? stamp : Date.parse(stamp) || Date.now());
