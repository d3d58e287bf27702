// The list of conversations: find, open, rename, delete, export. Updated in place, so focus stays.

import { toast } from "./announcing.js";
import { ApiError, conversationPath } from "./api.js";
import { button, h, only } from "./dom.js";
import { confirmed, entered } from "./dialogs.js";
import { moment } from "./format.js";
import { icon } from "./icons.js";
import { copyText } from "./announcing.js";
import { openMenu } from "./menu.js";

const WHILE_ANSWERING_MS = 3000;
const PAUSE_MS = 200;

export class Conversations {
  #api;
  #host;
  #list = only("conversation-list");
  #find = only("find");
  #none = only("no-conversations");
  #items = new Map();
  #openId = null;
  #timer = 0;
  #asked = 0;

  // host: {open, renamed, deleted}
  constructor(api, host) {
    this.#api = api;
    this.#host = host;
    this.#find.addEventListener("input", () => this.#soon(PAUSE_MS));
    this.#find.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#find.value) {
        event.stopPropagation();
        this.#find.value = "";
        this.refresh();
      }
      if (event.key === "ArrowDown") this.#list.querySelector("a")?.focus();
    });
    this.#list.addEventListener("keydown", (event) => this.#move(event));
  }

  focusFind() {
    this.#find.focus();
    this.#find.select();
  }

  mark(id) {
    this.#openId = id;
    for (const [known, { link }] of this.#items) {
      if (known === id) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  async refresh() {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    const find = this.#find.value.trim();
    let found;
    try {
      ({ conversations: found } = await this.#api.get(`/api/conversations${find ? `?find=${encodeURIComponent(find)}` : ""}`));
    } catch {
      this.#soon(WHILE_ANSWERING_MS * 3);
      return;
    }
    if (asked !== this.#asked) return;
    this.#draw(found, find);
    if (found.some(({ answering }) => answering) && !document.hidden) this.#soon(WHILE_ANSWERING_MS);
  }

  #soon(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), ms);
  }

  #draw(found, find) {
    const ids = new Set(found.map(({ id }) => id));
    for (const [id, { item }] of this.#items) {
      if (ids.has(id)) continue;
      item.remove();
      this.#items.delete(id);
    }
    found.forEach((conversation, index) => {
      const entry = this.#items.get(conversation.id) ?? this.#made(conversation.id);
      entry.title.textContent = conversation.title || "Untitled";
      entry.link.title = conversation.title;
      entry.when.textContent = conversation.answering ? "answering…" : conversation.found || moment(conversation.updated_at);
      entry.item.dataset.answering = String(conversation.answering);
      entry.more.setAttribute("aria-label", `More about “${conversation.title}”`);
      if (this.#list.children[index] !== entry.item) this.#list.insertBefore(entry.item, this.#list.children[index] ?? null);
    });
    this.#none.hidden = found.length > 0;
    this.#none.textContent = find ? "Nothing found in titles, nor in questions and answers of the newest 100." : "No conversations yet.";
    this.mark(this.#openId);
  }

  #made(id) {
    const title = h("span", { class: "title" });
    const when = h("span", { class: "when" });
    const link = h("a", { href: `#${id}`, on: { click: () => this.#host.open(id) } }, title, when);
    const more = button([icon("more")], () => this.menu(id, title.textContent, more), { class: "icon-only ghost small", "aria-haspopup": "menu", "aria-expanded": "false" });
    const item = h("li", {}, link, more);
    const entry = { item, link, title, when, more };
    this.#items.set(id, entry);
    return entry;
  }

  menu(id, title, opener) {
    const path = `${conversationPath(id)}/export?format=`;
    openMenu(opener, `More about “${title}”`, [
      { label: "Rename…", run: () => this.#rename(id, title) },
      { label: "Copy link", run: () => copyText(`${location.origin}${location.pathname}#${id}`, "Link copied. Only you can open it.") },
      { label: "Export as Markdown", href: `${path}markdown` },
      { label: "Export as JSON", href: `${path}json` },
      { label: "Delete…", run: () => this.#delete(id, title), danger: true },
    ]);
  }

  async #rename(id, title) {
    const chosen = await entered("Rename conversation", "Title", title);
    if (chosen === null || chosen === title) return;
    if (await this.#did("PATCH", id, { title: chosen })) this.#host.renamed(id, chosen);
  }

  async #delete(id, title) {
    const sure = await confirmed("Delete this conversation?", `“${title}” and its answers are gone for good. Nothing at the customer changes.`, "Delete");
    if (sure && (await this.#did("DELETE", id))) this.#host.deleted(id);
  }

  async #did(method, id, body) {
    try {
      await this.#api.send(method, conversationPath(id), body);
    } catch (error) {
      toast(error instanceof ApiError ? error.message : "The console's server could not be reached.", "bad");
      return false;
    }
    await this.refresh();
    return true;
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.tagName !== "A") return;
    const links = [...this.#list.querySelectorAll("a")];
    const to = links.indexOf(event.target) + step;
    event.preventDefault();
    if (to < 0) this.#find.focus();
    else links[to]?.focus();
  }
}
