// The message box: one button that sends or stops, drafts that survive a reload.

import { only } from "./dom.js";
import { count } from "./format.js";

const TALLEST = 180;

export class Composer {
  #form = only("composer");
  #box = only("message");
  #button = only("send");
  #label = only("send-label");
  #editing = only("editing");
  #tooLong = only("too-long");
  #most = Infinity;
  #drafts;
  #key = "";
  #busy = false;
  #send;
  #stop;

  constructor({ drafts, typing, send, stop, cancelEdit }) {
    this.#drafts = drafts;
    this.#send = send;
    this.#stop = stop;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#act();
    });
    this.#box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!this.#busy) this.#act();
    });
    this.#box.addEventListener("input", () => {
      typing();
      this.#changed();
    });
    only("cancel-edit").addEventListener("click", () => cancelEdit());
  }

  get text() {
    return this.#box.value;
  }

  // How long a question may be.
  limit(characters) {
    this.#most = characters;
    this.#changed();
  }

  // Each conversation has its own draft.
  use(key) {
    this.#key = key;
    this.put(this.#drafts.get(key));
  }

  put(text) {
    this.#box.value = text;
    this.#changed();
  }

  focus() {
    this.#box.focus({ preventScroll: true });
    this.#box.setSelectionRange(this.#box.value.length, this.#box.value.length);
  }

  setEditing(isEditing, isReplacing = true) {
    this.#editing.hidden = !isEditing;
    only("editing-what").textContent = isReplacing ? "You are changing your last question; its answer will be replaced." : "You are changing a question that was not answered.";
  }

  setBusy(isBusy, isStopping = false) {
    this.#busy = isBusy;
    this.#form.dataset.busy = String(isBusy);
    this.#label.textContent = isStopping ? "Stopping…" : isBusy ? "Stop" : "Send";
    this.#button.disabled = isStopping;
    this.#button.title = isBusy ? "Stop this answer (Esc)" : "Send (Enter)";
  }

  #act() {
    if (this.#busy) {
      this.#stop();
      return;
    }
    const text = this.#box.value.trim();
    if (text && text.length <= this.#most) this.#send(text);
  }

  #changed() {
    this.#drafts.set(this.#key, this.#box.value);
    const { length } = this.#box.value.trim();
    this.#tooLong.hidden = length <= this.#most;
    if (length > this.#most) this.#tooLong.textContent = `This is too long to send: ${count(length, "character")}, and ${count(this.#most, "character")} are the most.`;
    this.#box.style.height = "auto";
    this.#box.style.height = `${Math.min(this.#box.scrollHeight + 2, TALLEST)}px`;
  }
}
