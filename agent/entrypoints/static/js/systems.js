// The strip that names systems that are down, until they are back.

import { announce, toast } from "./announcing.js";
import { h, only } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { list, systemName } from "./words.js";

const CALM_MS = 30_000;
const DOWN_MS = 5_000;

export class Systems {
  #api;
  #strip = only("systems");
  #down = new Map();
  #timer = 0;

  constructor(api) {
    this.#api = api;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.check();
    });
  }

  get anyDown() {
    return this.#down.size > 0;
  }

  async check() {
    clearTimeout(this.#timer);
    try {
      const { systems } = await this.#api.get("/api/systems");
      this.#learn(systems);
    } catch {
      // The console's own server is what did not answer; the next check tells more.
    }
    if (!document.hidden) this.#timer = setTimeout(() => this.check(), this.#down.size ? DOWN_MS : CALM_MS);
  }

  #learn(systems) {
    const back = [...this.#down.keys()].filter((system) => systems.find((one) => one.system === system)?.ok);
    const fallen = systems.filter(({ system, ok }) => !ok && !this.#down.has(system));
    for (const system of back) this.#down.delete(system);
    for (const { system } of fallen) this.#down.set(system, Date.now());
    if (back.length) toast(`${list(back.map(systemName))} ${back.length === 1 ? "is" : "are"} back.`);
    if (fallen.length) announce(this.#sentence());
    if (back.length || fallen.length) this.#draw(systems);
  }

  #sentence() {
    const names = list([...this.#down.keys()].map(systemName));
    return `${names} ${this.#down.size === 1 ? "does" : "do"} not answer.`;
  }

  #draw(systems) {
    this.#strip.hidden = this.#down.size === 0;
    if (this.#strip.hidden) return;
    const since = clock(Math.min(...this.#down.values()));
    const details = systems.filter(({ ok, detail }) => !ok && detail).map(({ system, detail }) => `${systemName(system)}: ${detail}`);
    const effect = this.#down.has("model") ? "Questions cannot be answered until the model is back." : "Answers leave out what is known there, and say so.";
    this.#strip.replaceChildren(icon("warn"), h("span", { title: details.join("\n") }, h("strong", {}, this.#sentence()), ` ${effect}`, h("span", { class: "since" }, ` Seen at ${since}.`)));
  }
}
