// The side columns on a small screen: drawers over the chat, one at a time, closed by Esc.

import { only } from "./dom.js";

class Drawer {
  #element;
  #openers;
  #narrow;
  #before = null;
  isOpen = false;

  constructor(element, openers, query) {
    this.#element = element;
    this.#openers = openers;
    this.#narrow = matchMedia(query);
    this.#narrow.addEventListener("change", () => this.set(false));
    this.set(false);
  }

  get isDrawer() {
    return this.#narrow.matches;
  }

  set(isOpen) {
    const wasOpen = this.isOpen;
    this.isOpen = isOpen && this.isDrawer;
    this.#element.classList.toggle("open", this.isOpen);
    // What cannot be seen cannot be reached by Tab either.
    this.#element.inert = this.isDrawer && !this.isOpen;
    for (const opener of this.#openers) opener.setAttribute("aria-expanded", String(this.isOpen));
    if (this.isOpen && !wasOpen) {
      this.#before = document.activeElement;
      this.#element.querySelector(".close-drawer").focus();
    } else if (wasOpen && !this.isOpen) this.#before?.focus();
  }
}

export class Drawers {
  constructor() {
    this.list = new Drawer(only("conversations"), [only("list-opener")], "(max-width: 1279px)");
    this.panel = new Drawer(only("panel"), [only("panel-opener")], "(max-width: 1023px)");
    only("list-opener").addEventListener("click", () => this.open(this.list));
    only("panel-opener").addEventListener("click", () => this.open(this.panel));
    for (const closer of document.querySelectorAll(".close-drawer")) closer.addEventListener("click", () => this.close());
    only("backdrop").addEventListener("click", () => this.close());
  }

  open(drawer) {
    if (!drawer.isDrawer) return;
    this.close();
    drawer.set(true);
    this.#shade(true);
  }

  // Whether there was one to close.
  close() {
    const open = [this.list, this.panel].filter(({ isOpen }) => isOpen);
    // The chat first: what is inert cannot take the focus back.
    this.#shade(false);
    for (const drawer of open) drawer.set(false);
    return open.length > 0;
  }

  #shade(isShaded) {
    only("backdrop").hidden = !isShaded;
    only("chat").inert = isShaded;
  }
}
