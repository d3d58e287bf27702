// One tool call as one line that opens to its arguments and its result.

import { h } from "./dom.js";
import { count, exactClock, seconds } from "./format.js";
import { pairs, resultElement } from "./results.js";
import { errorSentence, systemLabel, systemName, toolName } from "./words.js";

const STATES = { asking: "asking…", done: "", failed: "no answer" };

export class ToolLine {
  #call;
  #shown = null;
  #state = h("span", { class: "tool-state" });
  #arguments = h("span", { class: "tool-arguments" });
  #inside = h("div", { class: "tool-inside" });

  constructor(call) {
    this.#call = call;
    const summary = h(
      "summary",
      {},
      h("span", { class: "dot", "aria-hidden": "true" }),
      h("strong", { title: systemLabel(call.system) }, systemName(call.system)),
      h("code", {}, toolName(call.tool)),
      this.#arguments,
      this.#state,
    );
    this.element = h("details", { class: "tool", on: { toggle: () => this.#fill() } }, summary, this.#inside);
  }

  // Brings the line up to date in place: an open one stays open, a focused one keeps the focus.
  update() {
    const call = this.#call;
    const version = `${call.state} ${JSON.stringify(call.input)}`;
    if (version === this.#shown) return;
    this.#shown = version;
    this.element.dataset.state = call.state;
    const given = Object.entries(call.input ?? {});
    this.#arguments.textContent = given.map(([name, value]) => `${name}=${asText(value)}`).join("  ");
    this.#state.textContent = stateText(call);
    this.#fill();
  }

  #fill() {
    const call = this.#call;
    if (!this.element.open || this.#inside.dataset.state === call.state) return;
    this.#inside.dataset.state = call.state;
    const given = Object.entries(call.input ?? {});
    this.#inside.replaceChildren(
      h("p", { class: "quiet" }, `${systemLabel(call.system)} · ${call.tool} · ${call.state === "asking" ? "asked" : "read"} at ${exactClock(call.at)}`),
      h("h3", {}, "Asked with"),
      given.length ? pairs(given) : h("p", { class: "quiet" }, "No arguments."),
      ...(call.state === "asking" ? [] : [h("h3", {}, "Answer"), outcome(call)]),
    );
  }
}

function outcome(call) {
  if (call.state === "failed") return h("p", { class: "bad-text" }, errorSentence(call.error));
  return call.data ? resultElement(call.data) : h("p", { class: "quiet" }, "The result was not kept.");
}

function stateText(call) {
  if (call.state === "asking") return STATES.asking;
  const took = call.ms === undefined ? "" : seconds(call.ms);
  if (call.state === "failed") return [call.error === "stopped" ? "stopped" : STATES.failed, took].filter(Boolean).join(" · ");
  const rows = typeof call.rows === "number" ? count(call.rows, "record") : "";
  return [rows, took].filter(Boolean).join(" · ");
}

const asText = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
