// The open conversation: its turns, the run that is under way, and what its results identified.

import { announce } from "./announcing.js";
import { ApiError, conversationPath, newId, runPath } from "./api.js";
import { button, h, only } from "./dom.js";
import { count } from "./format.js";
import { followRun } from "./following.js";
import { Records } from "./records.js";
import { TurnView } from "./turn_view.js";
import { answerText, calls, finish, fold, isOver, newTurn, storedTurn } from "./turns.js";

// More are drawn on request: a conversation of a whole day opens as fast as a new one.
const DRAWN = 20;

export class Chat {
  #api;
  #host;
  #log = only("turns");
  #views = [];
  #earlier = [];
  #leaving = new AbortController();
  #live = null;

  // host: {subject, asking, changed, began, scroll, view} see console.js
  constructor(api, host) {
    this.#api = api;
    this.#host = host;
    this.#reset(newId());
  }

  get busy() {
    return this.#live !== null;
  }

  get empty() {
    return this.#views.length === 0;
  }

  get lastTurn() {
    return this.#views.at(-1)?.turn ?? null;
  }

  // A new conversation, which the server learns of with its first question.
  fresh() {
    this.#reset(newId());
    this.#host.changed();
  }

  // Opens a stored conversation and joins the run that is under way in it.
  async open(id) {
    this.#reset(id);
    this.known = true;
    this.#host.changed();
    const { signal } = this.#leaving;
    this.#log.setAttribute("aria-busy", "true");
    try {
      const stored = await this.#api.get(conversationPath(id), { signal });
      if (signal.aborted) return;
      this.title = stored.title;
      this.#restore(stored);
    } finally {
      if (!signal.aborted) this.#log.removeAttribute("aria-busy");
    }
  }

  #reset(id) {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#live = null;
    this.#views = [];
    this.#earlier = [];
    this.#log.replaceChildren();
    this.id = id;
    this.known = false;
    this.title = "";
    this.records = new Records();
  }

  #restore({ turns, run }) {
    const folded = turns.map(storedTurn).filter(({ turnId }) => !run?.replaces || turnId !== run.replaces);
    let subject = null;
    for (const turn of folded) {
      for (const call of calls(turn)) {
        this.records.learn(call);
        this.#host.learned(call);
        subject = this.#host.subjectOf(call, turn) ?? subject;
      }
    }
    this.#earlier = folded.slice(0, -DRAWN);
    for (const turn of folded.slice(-DRAWN)) this.#append(turn);
    this.#drawEarlier();
    if (subject) this.#host.subject(subject);
    this.#settle();
    this.#host.scroll(true);
    if (run) this.#follow(this.#started(run), null);
  }

  #started({ run_id: runId, question, asked_at: askedAt }) {
    const turn = newTurn(question, runId);
    turn.at = typeof askedAt === "number" ? askedAt : Date.parse(askedAt);
    return turn;
  }

  // Asks; replaces is the turn that is asked anew, if any.
  ask(text, replaces = null) {
    const turn = newTurn(text, newId(), replaces?.turnId ?? null);
    turn.replaced = replaces;
    if (replaces) this.#remove(replaces);
    const first = !this.known;
    this.known = true;
    if (first) this.title = text;
    this.#follow(turn, { text, replaces: turn.replaces });
    this.#host.began(first);
  }

  async #follow(turn, start) {
    const { signal } = this.#leaving;
    const view = this.#append(turn);
    this.#live = view;
    this.#settle();
    this.#host.scroll(true);
    const drawn = () => this.#host.scroll(false);
    let end;
    try {
      end = await followRun({
        api: this.#api,
        conversationId: this.id,
        runId: turn.runId,
        start,
        signal,
        onConnection: (isThere) => {
          turn.connected = isThere;
          view.schedule(drawn);
        },
        onEvent: (event) => {
          fold(turn, event);
          this.#heed(turn, event);
          view.schedule(drawn);
        },
      });
    } catch (error) {
      if (signal.aborted) return;
      this.#refused(turn, error);
      end = "refused";
    }
    if (end === "left" || signal.aborted) return;
    this.#ended(view, end);
  }

  #heed(turn, event) {
    if (event.type === "TOOL_CALL_ARGS") this.#host.asking(calls(turn).find(({ id }) => id === event.toolCallId));
    if (event.type !== "TOOL_CALL_RESULT") return;
    const call = calls(turn).find(({ id }) => id === event.toolCallId);
    if (!call) return;
    this.records.learn(call);
    this.#host.learned(call);
    const subject = this.#host.subjectOf(call, turn);
    if (subject) this.#host.subject(subject);
  }

  #refused(turn, error) {
    const known = error instanceof ApiError;
    const message = known ? error.message : "The question could not be sent.";
    turn.failure = { code: known ? error.code : "lost", message, retryable: true, requestId: error.requestId };
    finish(turn, "failed");
  }

  #ended(view, end) {
    const { turn } = view;
    this.#live = null;
    if (end === "forgotten" && !isOver(turn)) {
      this.open(this.id).catch(() => this.#fail(view, "forgotten", "The console was restarted before this answer was done."));
      return;
    }
    if (end === "lost") this.#fail(view, "lost", "The connection to the console is lost.");
    if (turn.state === "failed" && turn.replaced) this.#append(turn.replaced, view);
    view.draw();
    this.#settle();
    this.#host.scroll(false);
    announce(spoken(turn));
    this.#host.ended(turn);
  }

  #fail(view, code, message) {
    view.turn.failure = { code, message, retryable: true };
    finish(view.turn, "failed");
    view.draw();
  }

  // The answer ends where it is; what had been said stays.
  async stop() {
    const view = this.#live;
    if (!view || view.turn.stopping) return;
    view.turn.stopping = true;
    view.draw();
    this.#host.changed();
    try {
      await this.#api.send("POST", `${runPath(this.id, view.turn.runId)}/stop`, {});
    } catch {
      view.turn.stopping = false;
      view.draw();
      this.#host.changed();
    }
  }

  get stopping() {
    return this.#live?.turn.stopping ?? false;
  }

  discard(turn) {
    this.#remove(turn);
    this.#settle();
  }

  #remove(turn) {
    const index = this.#views.findIndex((view) => view.turn === turn);
    if (index < 0) return;
    this.#views[index].element.remove();
    this.#views.splice(index, 1);
  }

  #append(turn, before = null) {
    const view = new TurnView(turn, this.#host.view(this));
    const at = before ? this.#views.indexOf(before) : this.#views.length;
    this.#views.splice(at, 0, view);
    this.#log.insertBefore(view.element, before?.element ?? null);
    return view;
  }

  // Who is last, and what is too long ago to stay drawn.
  #settle() {
    while (this.#views.length > 2 * DRAWN) {
      const [oldest] = this.#views.splice(0, 1);
      oldest.element.remove();
      this.#earlier.push(oldest.turn);
    }
    const answered = this.#views.findLast(({ turn }) => turn.state !== "failed");
    for (const view of this.#views) view.setLast(view === answered && view === this.#views.at(-1));
    this.#drawEarlier();
    this.#host.changed();
  }

  #drawEarlier() {
    only("earlier").replaceChildren(
      ...(this.#earlier.length
        ? [button(`Show ${count(this.#earlier.length, "earlier question")}`, () => this.#showEarlier(), { class: "small" })]
        : []),
    );
  }

  #showEarlier() {
    const first = this.#views[0];
    const turns = this.#earlier.splice(-DRAWN);
    for (const turn of turns) this.#append(turn, first);
    this.#drawEarlier();
    first.element.scrollIntoView({ block: "start" });
  }
}

function spoken(turn) {
  if (turn.state === "failed") return "";
  const text = answerText(turn).replace(/[*_`#|>]+/g, " ");
  return turn.state === "stopped" ? `Stopped. ${text}` : `Answer: ${text}`;
}
