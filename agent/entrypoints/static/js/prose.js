// A growing text as Markdown: finished blocks stay as they are, only the tail is drawn anew.

import { blockElement, blocksOf } from "./markdown.js";
import { h } from "./dom.js";

export class Prose {
  #drawn = [];
  #dress;

  // dress: called with each new block's element.
  constructor(dress) {
    this.#dress = dress;
    this.element = h("div", { class: "prose" });
  }

  show(text) {
    const blocks = blocksOf(text).filter(({ type }) => type !== "space");
    let same = 0;
    while (same < blocks.length && same < this.#drawn.length && this.#drawn[same].raw === blocks[same].raw) same += 1;
    for (const { element } of this.#drawn.splice(same)) element.remove();
    for (const block of blocks.slice(same)) {
      const element = blockElement(block);
      this.#dress(element);
      this.element.append(element);
      this.#drawn.push({ raw: block.raw, element });
    }
  }
}
