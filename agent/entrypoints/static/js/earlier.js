// The way back to questions that are not drawn: a button, and scrolling up to it.

import { toast } from "./announcing.js";
import { button, only } from "./dom.js";
import { count } from "./format.js";

const NEAR = "250px 0px 0px 0px";

export class Earlier {
  count = 0;
  #place = only("earlier");
  #log = only("log");
  #button;
  #load;

  // load: brings earlier turns and calls set.
  constructor(load) {
    this.#load = load;
    this.#button = button("", () => this.#run(), { class: "small" });
    new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.count && this.#run(), { root: this.#log, rootMargin: NEAR }).observe(this.#place);
  }

  // How many there are.
  set(number) {
    this.count = number;
    this.#button.textContent = `Show ${count(number, "earlier question")}`;
    this.above(() => {
      if (!number) this.#place.replaceChildren();
      else if (!this.#button.isConnected) this.#place.replaceChildren(this.#button);
    });
  }

  // Draws something above what is there; what is being read stays where it is.
  above(draw) {
    const first = only("turns").firstElementChild;
    const before = first?.getBoundingClientRect().top;
    draw();
    if (first?.isConnected) this.#log.scrollTop += first.getBoundingClientRect().top - before;
  }

  async #run() {
    if (this.#button.disabled) return;
    this.#button.disabled = true;
    try {
      await this.#load();
    } catch (error) {
      if (error.name !== "AbortError") toast(`Earlier questions could not be loaded. ${error.message}`, "bad");
    }
    this.#button.disabled = false;
  }
}
