// Tabs with arrow keys and one tab stop, drawn once and kept.

import { h } from "./dom.js";

export class Tabs {
  #tabs = new Map();
  #open;

  // names: [[key, label]]
  constructor(label, names) {
    this.list = h("div", { class: "tabs", role: "tablist", "aria-label": label, on: { keydown: (event) => this.#move(event) } });
    this.panels = h("div", { class: "tab-panels" });
    for (const [key, name] of names) this.#add(key, name);
    this.open(names[0][0]);
  }

  #add(key, name) {
    const number = h("span", { class: "tab-number" });
    const tab = h("button", { type: "button", role: "tab", id: `tab-${key}`, "aria-controls": `tab-panel-${key}`, on: { click: () => this.open(key) } }, name, number);
    const panel = h("div", { role: "tabpanel", id: `tab-panel-${key}`, "aria-labelledby": `tab-${key}`, tabindex: "0" });
    this.list.append(tab);
    this.panels.append(panel);
    this.#tabs.set(key, { tab, panel, number });
  }

  open(key, focus = false) {
    this.#open = key;
    for (const [name, { tab, panel }] of this.#tabs) {
      tab.setAttribute("aria-selected", String(name === key));
      tab.tabIndex = name === key ? 0 : -1;
      panel.hidden = name !== key;
    }
    if (focus) this.#tabs.get(key).tab.focus();
  }

  openNumber(number) {
    const key = [...this.#tabs.keys()][number - 1];
    if (key) this.open(key, true);
  }

  fill(key, number, ...content) {
    const { panel, number: badge } = this.#tabs.get(key);
    badge.textContent = number ?? "";
    panel.replaceChildren(...content.filter(Boolean));
  }

  #move(event) {
    const keys = [...this.#tabs.keys()];
    const at = keys.indexOf(this.#open);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1 + keys.length, Home: 0, End: keys.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.open(keys[to % keys.length], true);
  }
}
