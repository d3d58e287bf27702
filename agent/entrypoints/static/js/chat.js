// The open conversation: its turns, the run that is under way, and what its results identified.

import { announce } from "./announcing.js";
import { ApiError, conversationPath, newId, runPath } from "./api.js";
import { only } from "./dom.js";
import { followRun } from "./following.js";
import { Records } from "./records.js";
import { PAGE, TurnList } from "./turn_list.js";
import { calls, finish, fold, isAmong, isOver, newTurn, spoken, storedTurn } from "./turns.js";
import { Unanswered } from "./unanswered.js";

export class Chat {
  #api;
  #host;
  #log = only("turns");
  #list;
  #unanswered = new Unanswered();
  #leaving = new AbortController();
  #live = null;

  // host: {about, asking, learned, changed, began, ended, scroll, view} see talk.js
  constructor(api, host) {
    this.#api = api;
    this.#host = host;
    this.#list = new TurnList(() => host.view(this), (before) => this.#page(before));
    this.#reset(newId());
  }

  get busy() {
    return this.#live !== null;
  }

  get empty() {
    return this.#list.last === null;
  }

  get lastTurn() {
    return this.#list.last;
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
      const stored = await this.#api.get(`${conversationPath(id)}?latest=${PAGE}`, { signal });
      if (signal.aborted) return;
      this.title = stored.title || (this.#unanswered.of(id)[0]?.question ?? "");
      this.#restore(stored);
    } catch (error) {
      // The first question failed, so nothing is stored: what is known of it is all there is.
      const [asked] = this.#unanswered.of(id);
      if (signal.aborted || error.status !== 404 || !asked) throw error;
      this.title = asked.question;
      this.#restore({ turns: [], run: null, earlier: 0 });
    } finally {
      if (!signal.aborted) this.#log.removeAttribute("aria-busy");
    }
  }

  #reset(id) {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    this.#live = null;
    this.#list.clear();
    this.id = id;
    this.known = false;
    this.title = "";
    this.records = new Records();
  }

  #restore({ turns, run, earlier }) {
    const folded = turns.map(storedTurn).filter(({ turnId }) => !run?.replaces || turnId !== run.replaces);
    this.#learn(folded);
    this.#list.fill(folded, earlier);
    for (const turn of folded.toReversed()) if (this.#host.about(turn)) break;
    const left = this.#unanswered.of(this.id).filter(({ runId }) => runId !== run?.run_id);
    for (const entry of left) if (entry.failure) this.#placeFailed(this.#asked(entry), entry.failure);
    this.#settle();
    this.#host.scroll(true);
    if (run) this.#follow(this.#asked({ runId: run.run_id, question: run.question, at: Date.parse(run.asked_at) }), null);
    for (const entry of left) if (!entry.failure) this.#findOut(entry);
  }

  #learn(turns) {
    for (const call of turns.flatMap(calls)) {
      this.records.learn(call);
      this.#host.learned(call);
    }
  }

  #asked({ runId, question, at, replaces = null, after = null }) {
    const turn = newTurn(question, runId, replaces);
    turn.after = after;
    turn.at = at;
    turn.replaced = replaces && this.#list.find(({ turnId }) => turnId === replaces);
    return turn;
  }

  // Asks; replaces is the turn that is asked anew, if any.
  ask(text, replaces = null) {
    const turn = newTurn(text, newId(), replaces?.turnId ?? null);
    turn.replaced = replaces;
    if (replaces) this.#list.remove(replaces);
    turn.after = this.#list.answered.at(-1)?.turnId ?? null;
    const first = !this.known;
    this.known = true;
    if (first) this.title = text;
    this.#unanswered.keep(this.id, turn);
    this.#follow(turn, { text, replaces: turn.replaces });
    this.#host.began(first);
  }

  async #follow(turn, start) {
    const { signal } = this.#leaving;
    const view = this.#list.append(turn);
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
        onHeld: () => {
          turn.isHeld = true;
          view.schedule(drawn);
        },
        onEvent: (event) => {
          turn.isHeld = false;
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
    this.#host.about(turn);
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
    if (turn.state === "failed") this.#unanswered.keep(this.id, turn);
    else this.#unanswered.drop(this.id, turn.runId);
    if (turn.state === "failed" && turn.replaced) this.#list.putBefore(turn.replaced, turn);
    view.draw();
    this.#settle();
    this.#host.scroll(false);
    const suggested = view.element.querySelector(".suggestion");
    if (suggested) this.#host.show(suggested);
    announce(spoken(turn));
    this.#host.ended(turn);
  }

  #fail(view, code, message) {
    view.turn.failure = { code, message, retryable: true };
    finish(view.turn, "failed");
    view.draw();
  }

  // What became of a question whose end this tab has not seen.
  async #findOut(entry) {
    const { signal } = this.#leaving;
    const turn = this.#asked(entry);
    try {
      const onEvent = (event) => fold(turn, event);
      await followRun({ api: this.#api, conversationId: this.id, runId: entry.runId, start: null, signal, onEvent, onConnection: () => {} });
    } catch {
      // The server does not say: what is stored decides.
    }
    if (signal.aborted) return;
    const isStored = isAmong(this.#list.answered, turn);
    if (turn.state === "failed" || (!isStored && !isOver(turn))) {
      this.#placeFailed(turn, turn.failure ?? { code: "forgotten", message: "This question was not answered.", retryable: true });
    } else {
      this.#unanswered.drop(this.id, entry.runId);
      if (isStored) return;
      this.#learn([turn]);
      this.#list.append(turn);
    }
    this.#settle();
    this.#host.scroll(true);
  }

  #placeFailed(turn, failure) {
    turn.failure = failure;
    finish(turn, "failed");
    this.#unanswered.keep(this.id, turn);
    this.#list.place(turn);
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
    this.#unanswered.drop(this.id, turn.runId);
    this.#list.remove(turn);
    this.#settle();
  }

  #settle() {
    this.#list.settle();
    this.#host.changed();
  }

  // The stored turns before that number.
  async #page(before) {
    const { signal } = this.#leaving;
    const { turns, earlier } = await this.#api.get(`${conversationPath(this.id)}?latest=${PAGE}&before=${before}`, { signal });
    const folded = turns.map(storedTurn);
    this.#learn(folded);
    return { turns: folded, earlier };
  }
}
