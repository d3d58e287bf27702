// The row below a finished answer: copy, thumbs with a reason, ask again, have a reply drafted.

import { button, h } from "./dom.js";
import { count, seconds } from "./format.js";
import { icon } from "./icons.js";
import { customersOf } from "./subjects.js";
import { calls } from "./turns.js";

const DRAFTED = "**Suggested reply:**";

export class AnswerActions {
  #turn;
  #host;
  #up;
  #down;
  #retry;
  #draft;
  #reason = h("div", { class: "reason" });

  constructor(turn, host) {
    this.#turn = turn;
    this.#host = host;
    this.#up = this.#thumb("up", "Good answer");
    this.#down = this.#thumb("down", "Bad answer");
    this.#retry = button([icon("retry"), "Ask again"], () => host.retry(turn), { class: "small ghost", title: "Ask the same question again" });
    this.#draft = button([icon("mail"), "Draft a reply"], () => host.draft(), { class: "small ghost", title: "Have a reply to the customer worded; nothing is sent" });
    this.element = h("div", { class: "actions", hidden: true });
  }

  show(text) {
    const { state, turnId } = this.#turn;
    if (state === "failed") return;
    const { copy } = this.#host;
    this.element.hidden = false;
    this.element.replaceChildren(
      h(
        "div",
        { class: "row" },
        text ? button([icon("copy"), "Copy"], () => copy(text, "Answer copied."), { class: "small", title: "Copy the whole answer" }) : null,
        ...(turnId ? [this.#up, this.#down] : []),
        this.#retry,
        this.#draft,
        h("span", { class: "took" }, this.#took()),
      ),
      this.#reason,
    );
    this.drawThumb();
  }

  setLast(isLast) {
    const { state, answer, parts } = this.#turn;
    const isDrafted = parts.some(({ kind, text }) => kind === "text" && text.includes(DRAFTED));
    this.#retry.hidden = !isLast;
    const isAboutOne = answer?.outcome === "answered" && customersOf(calls(this.#turn)).ids.length === 1;
    this.#draft.hidden = !isLast || isDrafted || state !== "answered" || !isAboutOne;
  }

  drawThumb() {
    const value = this.#turn.thumb?.value ?? null;
    this.#up.setAttribute("aria-pressed", String(value === "up"));
    this.#down.setAttribute("aria-pressed", String(value === "down"));
  }

  #thumb(value, label) {
    return button([icon(value)], () => this.#rate(value), { class: "small icon-only thumb", "aria-label": label, title: label, "aria-pressed": "false" });
  }

  async #rate(value) {
    const isSame = this.#turn.thumb?.value === value;
    if (!(await this.#host.rate(this.#turn, isSame ? null : value, ""))) return;
    this.drawThumb();
    if (isSame) this.#reason.replaceChildren();
    else this.#askWhy(value);
  }

  #askWhy(value) {
    const field = h("input", { type: "text", maxlength: "1000", placeholder: "Optional", autocomplete: "off" });
    field.value = this.#turn.thumb?.reason ?? "";
    const close = () => {
      this.#reason.replaceChildren();
      (value === "up" ? this.#up : this.#down).focus();
    };
    const form = h(
      "form",
      { on: { submit: async (event) => {
        event.preventDefault();
        if (await this.#host.rate(this.#turn, value, field.value.trim())) close();
      } } },
      h("label", {}, value === "up" ? "What was good?" : "What was wrong?", field),
      h("button", { type: "submit", class: "small primary" }, "Save"),
      button("No reason", close, { class: "small ghost" }),
    );
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      close();
    });
    this.#reason.replaceChildren(form);
    field.focus();
    form.scrollIntoView({ block: "nearest" });
  }

  #took() {
    const { answer, state } = this.#turn;
    const made = calls(this.#turn).length;
    const parts = [made ? count(made, "call") : "no calls"];
    if (answer?.usage?.ms && state === "answered") parts.unshift(seconds(answer.usage.ms));
    if (answer?.model_id) parts.push(answer.model_id);
    return parts.join(" · ");
  }
}
