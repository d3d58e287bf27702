// The open conversation: its turns, the run that is under way, and what its results identified.

import { announce } from "./announcing.js";
import { ApiError, conversationPath, newId, runPath } from "./api.js";
import { Earlier } from "./earlier.js";
import { only } from "./dom.js";
import { followRun } from "./following.js";
import { Records } from "./records.js";
import { TurnView } from "./turn_view.js";
import { calls, finish, fold, isOver, isSame, newTurn, spoken, storedTurn } from "./turns.js";
import { Unanswered } from "./unanswered.js";

// More are loaded when they are wanted: a conversation of a whole day opens as fast as a new one.
const DRAWN = 20;
const AT_ONCE = 4;
const IDLE_MS = 300;

const whenIdle = (run) => (globalThis.requestIdleCallback ? requestIdleCallback(run, { timeout: IDLE_MS }) : setTimeout(run));

export class Chat {
  #api;
  #host;
  #log = only("turns");
  #views = [];
  #earlier = new Earlier(() => this.#loadEarlier());
  #unanswered = new Unanswered();
  #leaving = new AbortController();
  #live = null;

  // host: {about, asking, learned, changed, began, ended, scroll, view} see talk.js
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
      const stored = await this.#api.get(`${conversationPath(id)}?latest=${DRAWN}`, { signal });
      if (signal.aborted) return;
      this.title = stored.title;
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
    this.#views = [];
    this.#earlier.set(0);
    this.#log.replaceChildren();
    this.id = id;
    this.known = false;
    this.title = "";
    this.records = new Records();
  }

  #restore({ turns, run, earlier }) {
    const folded = turns.map(storedTurn).filter(({ turnId }) => !run?.replaces || turnId !== run.replaces);
    this.#learn(folded);
    for (const turn of folded.slice(-AT_ONCE)) this.#append(turn);
    this.#drawLater(folded.slice(0, -AT_ONCE), earlier);
    for (const turn of folded.toReversed()) if (this.#host.about(turn)) break;
    const left = this.#unanswered.of(this.id).filter(({ runId }) => runId !== run?.run_id);
    for (const entry of left) if (entry.failure) this.#placeFailed(this.#asked(entry), entry.failure);
    this.#settle();
    this.#host.scroll(true);
    if (run) this.#follow(this.#asked({ runId: run.run_id, question: run.question, at: Date.parse(run.asked_at) }), null);
    for (const entry of left) if (!entry.failure) this.#findOut(entry);
  }

  // What is above the window is drawn when nothing else is to be done.
  #drawLater(turns, earlier) {
    const { signal } = this.#leaving;
    const step = () => {
      if (signal.aborted) return;
      const turn = turns.pop();
      if (!turn) this.#earlier.set(earlier);
      else {
        this.#earlier.above(() => this.#append(turn, this.#views.find((view) => view.turn.at >= turn.at)));
        whenIdle(step);
      }
    };
    whenIdle(step);
  }

  #learn(turns) {
    for (const call of turns.flatMap(calls)) {
      this.records.learn(call);
      this.#host.learned(call);
    }
  }

  #asked({ runId, question, at, replaces = null }) {
    const turn = newTurn(question, runId, replaces);
    turn.at = at;
    turn.replaced = this.#views.find((view) => replaces && view.turn.turnId === replaces)?.turn ?? null;
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
    this.#unanswered.keep(this.id, turn);
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
    const isStored = this.#views.some((view) => isSame(view.turn, turn));
    if (turn.state === "failed" || (!isStored && !isOver(turn))) {
      this.#placeFailed(turn, turn.failure ?? { code: "forgotten", message: "This question was not answered.", retryable: true });
    } else {
      this.#unanswered.drop(this.id, entry.runId);
      if (isStored) return;
      this.#learn([turn]);
      this.#append(turn);
    }
    this.#settle();
    this.#host.scroll(true);
  }

  #placeFailed(turn, failure) {
    turn.failure = failure;
    finish(turn, "failed");
    this.#unanswered.keep(this.id, turn);
    this.#append(turn, this.#views.find((view) => view.turn.at > turn.at));
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
    this.#remove(turn);
    this.#settle();
  }

  #remove(turn) {
    const index = this.#views.findIndex((view) => view.turn === turn);
    if (index < 0) return;
    this.#views[index].element.remove();
    this.#views.splice(index, 1);
  }

  #append(turn, before) {
    const view = new TurnView(turn, this.#host.view(this));
    const at = before ? this.#views.indexOf(before) : this.#views.length;
    this.#views.splice(at, 0, view);
    this.#log.insertBefore(view.element, before?.element ?? null);
    return view;
  }

  // Who is last, and what is too long ago to stay drawn: the server has it.
  #settle() {
    while (this.#views.length > 2 * DRAWN) {
      const [oldest] = this.#views.splice(0, 1);
      oldest.element.remove();
      if (oldest.turn.state !== "failed") this.#earlier.set(this.#earlier.count + 1);
    }
    const answered = this.#views.findLast(({ turn }) => turn.state !== "failed");
    for (const view of this.#views) view.setLast(view === answered && view === this.#views.at(-1));
    this.#host.changed();
  }

  async #loadEarlier() {
    const { signal } = this.#leaving;
    const path = `${conversationPath(this.id)}?latest=${DRAWN}&before=${this.#earlier.count + 1}`;
    const { turns, earlier } = await this.#api.get(path, { signal });
    const [first] = this.#views;
    const known = new Set(this.#views.map(({ turn }) => turn.turnId));
    const folded = turns.map(storedTurn).filter(({ turnId }) => !known.has(turnId));
    this.#learn(folded);
    this.#earlier.above(() => folded.forEach((turn) => this.#append(turn, first)));
    this.#earlier.set(earlier);
  }
}
