// A growing text as Markdown: finished blocks stay as they are, only the tail is drawn anew.

import { blockElement, blocksOf } from "./markdown.js";
import { h } from "./dom.js";
import { dressSuggestion, isSuggestion } from "./suggestion.js";

export class Prose {
  #drawn = [];
  #dress;
  #copy;

  // dress: called with each new block's element; copy: for a reply that the text suggests.
  constructor(dress, copy) {
    this.#dress = dress;
    this.#copy = copy;
    this.element = h("div", { class: "prose" });
  }

  show(text, isGrowing = false) {
    const blocks = blocksOf(isGrowing ? closed(text) : text).filter(({ type }) => type !== "space");
    let same = 0;
    while (same < blocks.length && same < this.#drawn.length && this.#drawn[same].raw === blocks[same].raw) same += 1;
    for (const { element } of this.#drawn.splice(same)) element.remove();
    for (const block of blocks.slice(same)) this.#draw(block, this.#drawn.at(-1));
  }

  #draw(block, before) {
    const element = blockElement(block);
    if (isSuggestion(block, before)) dressSuggestion(element, before.element, this.#copy);
    else this.#dress(element);
    this.element.append(element);
    this.#drawn.push({ raw: block.raw, element });
  }
}

// A text that breaks off inside bold print or code is drawn as if it were closed, without its marks.
function closed(text) {
  const whole = text.replace(/(^|\s)[*_`]{1,3}$/, "$1");
  const tail = whole.slice(whole.lastIndexOf("\n\n") + 1);
  const open = ["**", "`"].filter((mark) => tail.split(mark).length % 2 === 0 && !tail.includes("```"));
  return whole.endsWith("*") || !open.length ? whole : `${whole}${open.join("")}`;
}
