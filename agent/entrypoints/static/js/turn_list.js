// The turns that are drawn, oldest first; the server has those before them.

import { only } from "./dom.js";
import { Earlier } from "./earlier.js";
import { TurnView } from "./turn_view.js";

// More are loaded when they are wanted: a conversation of a whole day opens as fast as a new one.
export const PAGE = 20;
const AT_ONCE = 4;
const IDLE_MS = 300;

const whenIdle = (run) => (globalThis.requestIdleCallback ? requestIdleCallback(run, { timeout: IDLE_MS }) : setTimeout(run));

export class TurnList {
  #log = only("turns");
  #views = [];
  #earlier = new Earlier(() => this.#loadEarlier());
  #filling = null;
  #viewHost;
  #load;

  // viewHost: makes what TurnView wants; load(before): {turns, earlier} of the page before that number.
  constructor(viewHost, load) {
    this.#viewHost = viewHost;
    this.#load = load;
  }

  get last() {
    return this.#views.at(-1)?.turn ?? null;
  }

  get answered() {
    return this.#views.map(({ turn }) => turn).filter(({ turnId }) => turnId);
  }

  clear() {
    this.#filling = null;
    this.#views = [];
    this.#log.replaceChildren();
    this.#earlier.set(0);
  }

  find(fits) {
    return this.#views.find(({ turn }) => fits(turn))?.turn ?? null;
  }

  // Draws what is in the window; what is above it when nothing else is to be done.
  fill(turns, earlier) {
    for (const turn of turns.slice(-AT_ONCE)) this.append(turn);
    const above = turns.slice(0, -AT_ONCE);
    const filling = {};
    this.#filling = filling;
    const step = () => {
      if (this.#filling !== filling) return;
      const turn = above.pop();
      if (!turn) this.#earlier.set(earlier);
      else {
        this.#earlier.above(() => this.#insert(turn, this.#views.find((view) => view.turn.at >= turn.at)));
        whenIdle(step);
      }
    };
    whenIdle(step);
  }

  append(turn) {
    return this.#insert(turn);
  }

  // Puts a turn back before another.
  putBefore(turn, other) {
    return this.#insert(turn, this.#views.find((view) => view.turn === other));
  }

  // Puts a turn where its time is.
  place(turn) {
    return this.#insert(turn, this.#views.find((view) => view.turn.at > turn.at));
  }

  remove(turn) {
    const index = this.#views.findIndex((view) => view.turn === turn);
    if (index >= 0) this.#views.splice(index, 1)[0].element.remove();
  }

  // Who is last, and what is too long ago to stay drawn.
  settle() {
    while (this.#views.length > 2 * PAGE) {
      const [oldest] = this.#views.splice(0, 1);
      oldest.element.remove();
      if (oldest.turn.state !== "failed") this.#earlier.set(this.#earlier.count + 1);
    }
    const answered = this.#views.findLast(({ turn }) => turn.state !== "failed");
    for (const view of this.#views) view.setLast(view === answered && view === this.#views.at(-1));
  }

  #insert(turn, before) {
    const view = new TurnView(turn, this.#viewHost());
    const at = before ? this.#views.indexOf(before) : this.#views.length;
    this.#views.splice(at, 0, view);
    this.#log.insertBefore(view.element, before?.element ?? null);
    return view;
  }

  async #loadEarlier() {
    const [first] = this.#views;
    const { turns, earlier } = await this.#load(this.#earlier.count + 1);
    const known = new Set(this.#views.map(({ turn }) => turn.turnId));
    const unknown = turns.filter(({ turnId }) => !known.has(turnId));
    this.#earlier.above(() => unknown.forEach((turn) => this.#insert(turn, first)));
    this.#earlier.set(earlier);
  }
}
