// Draws one turn, live or stored, and keeps it up to date in place.

import { AnswerActions } from "./answer_actions.js";
import { button, h } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { linkIds } from "./links.js";
import { noticesOf } from "./notices.js";
import { Prose } from "./prose.js";
import { ToolLine } from "./tool_line.js";
import { answerText, isOver } from "./turns.js";

export class TurnView {
  #turn;
  #host;
  #parts = new Map();
  #body = h("div", { class: "answer-body" });
  #waiting = h("p", { class: "waiting" }, h("span", { class: "dot", "aria-hidden": "true" }), h("span", {}, "Reading the question…"));
  #notices = h("div", { class: "notices" });
  #actions;
  #edit;
  #over = false;
  #scheduled = false;

  // host: {records, openRecord, retry, edit, rate, draft, copy}
  constructor(turn, host) {
    this.#turn = turn;
    this.#host = host;
    this.#actions = new AnswerActions(turn, host);
    this.#edit = button([icon("edit"), "Edit"], () => host.edit(turn), { class: "small ghost edit", title: "Edit this question and send it again" });
    this.#edit.hidden = true;
    const asked = h("time", { datetime: new Date(turn.at).toISOString() }, clock(turn.at));
    this.element = h(
      "article",
      { class: "turn", "aria-label": "Question and answer" },
      h(
        "div",
        { class: "question" },
        h("h2", { class: "unseen" }, "You asked"),
        h("p", { class: "bubble" }, turn.question),
        h("div", { class: "question-foot" }, this.#edit, asked),
      ),
      h("div", { class: "answer" }, h("h2", { class: "unseen" }, "Answer"), this.#body, this.#waiting, this.#notices, this.#actions.element),
    );
    this.draw();
  }

  get turn() {
    return this.#turn;
  }

  // Draws at most once a frame, however many events a frame brings.
  schedule(drawn) {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = () => {
      this.#scheduled = false;
      this.draw();
      drawn();
    };
    if (document.hidden) queueMicrotask(run);
    else requestAnimationFrame(run);
  }

  draw() {
    const turn = this.#turn;
    const shown = new Set();
    for (const part of turn.parts) {
      const key = part.kind === "call" ? `call ${part.call.id}` : `text ${part.id}`;
      shown.add(key);
      if (!this.#parts.has(key)) this.#add(key, part);
      const view = this.#parts.get(key);
      if (part.kind === "call") view.update();
      else view.show(part.text, turn.state === "asking" || turn.state === "stopped");
    }
    for (const [key, view] of this.#parts) {
      if (shown.has(key)) continue;
      view.element.remove();
      this.#parts.delete(key);
    }
    this.#order();
    this.element.setAttribute("aria-busy", String(!isOver(turn)));
    this.#drawWaiting();
    if (isOver(turn) && !this.#over) this.#finish();
  }

  setLast(isLast) {
    this.#edit.hidden = !isLast || !isOver(this.#turn);
    this.#actions.setLast(isLast);
    this.element.classList.toggle("last", isLast);
  }

  drawThumb() {
    this.#actions.drawThumb();
  }

  #add(key, part) {
    const { records, openRecord, copy } = this.#host;
    const view =
      part.kind === "call" ? new ToolLine(part.call) : new Prose((block) => linkIds(block, records, openRecord), copy);
    this.#parts.set(key, view);
    this.#body.append(view.element);
  }

  // Settled text may come to stand behind calls that were drawn after it.
  #order() {
    const wanted = this.#turn.parts.map((part) => this.#parts.get(part.kind === "call" ? `call ${part.call.id}` : `text ${part.id}`).element);
    wanted.forEach((element, index) => {
      if (this.#body.children[index] !== element) this.#body.insertBefore(element, this.#body.children[index] ?? null);
    });
  }

  #drawWaiting() {
    const turn = this.#turn;
    const last = turn.parts.at(-1);
    const writing = last?.kind === "text" || (last?.kind === "call" && last.call.state === "asking");
    this.#waiting.hidden = isOver(turn) || (writing && turn.connected !== false && !turn.stopping);
    const word = this.#waiting.lastElementChild;
    if (turn.stopping) word.textContent = "Stopping…";
    else if (turn.connected === false) word.textContent = "Connection lost, trying again…";
    else if (turn.isHeld) word.textContent = "Waiting until the conversation is free…";
    else if (turn.brokeOff) word.textContent = "The answer broke off, it is being written anew…";
    else word.textContent = last ? "Writing the answer…" : "Reading the question…";
  }

  #finish() {
    this.#over = true;
    this.#notices.replaceChildren(...noticesOf(this.#turn, this.#host));
    this.#actions.show(answerText(this.#turn));
  }
}
