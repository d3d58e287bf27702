// Keeps the answer in view: a long one is read from its beginning, unless the rep went to its end.

import { only } from "./dom.js";

const NEAR = 80;
const ABOVE = 12;

export class Scrolling {
  #log = only("log");
  #newest = only("newest");
  // "start": the last question stays at the top; "end": the newest text stays in view; "free": the rep reads elsewhere.
  #mode = "end";
  #ours = -1;

  constructor() {
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#newest.addEventListener("click", () => {
      this.#mode = "end";
      this.follow();
    });
    new ResizeObserver(() => this.follow()).observe(this.#log);
  }

  // A question was asked, or a conversation was opened.
  toStart() {
    this.#mode = "start";
    this.follow();
  }

  // Something at the end of the answer is what was asked for.
  show(element) {
    if (this.#mode === "free") return;
    this.#mode = "end";
    this.follow();
    if (element.getBoundingClientRect().top < this.#log.getBoundingClientRect().top) element.scrollIntoView();
  }

  follow() {
    if (this.#mode !== "free") {
      this.#log.scrollTop = this.#mode === "end" ? this.#end() : this.#start();
      this.#ours = this.#log.scrollTop;
    }
    this.#tell();
  }

  #scrolled() {
    const { scrollTop } = this.#log;
    if (Math.abs(scrollTop - this.#ours) > 1) {
      if (this.#end() - scrollTop < NEAR) this.#mode = "end";
      else this.#mode = Math.abs(this.#start() - scrollTop) < NEAR ? "start" : "free";
      this.#ours = -1;
    }
    this.#tell();
  }

  #end() {
    return this.#log.scrollHeight - this.#log.clientHeight;
  }

  #start() {
    const last = only("turns").lastElementChild;
    if (!last) return 0;
    const top = last.getBoundingClientRect().top - this.#log.getBoundingClientRect().top + this.#log.scrollTop;
    return Math.max(0, Math.min(this.#end(), top - ABOVE));
  }

  #tell() {
    this.#newest.hidden = this.#end() - this.#log.scrollTop < NEAR;
  }
}
