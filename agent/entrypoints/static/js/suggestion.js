// The reply to the customer that an answer suggests: a block of its own, to be copied and never sent.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";

const OPENING =
  /^(?:#{1,4}\s*)?(?:\*\*|__)?(?:a\s+)?(?:suggested|proposed|draft(?:ed)?)\s+(?:reply|answer|message|response)(?:\s+to\s+(?:the\s+)?customer)?\s*:?\s*(?:\*\*|__)?\s*:?$/i;

// Whether a quote of this answer is such a reply: it stands below a line that says so.
export const isSuggestion = (block, before) => block.type === "blockquote" && OPENING.test(before?.raw.trim() ?? "");

// copy: puts a text on the clipboard and says so.
export function dressSuggestion(element, opening, copy) {
  const quote = element.querySelector("blockquote");
  const run = () => copy(plainText(quote), "Suggested reply copied. It has not been sent.");
  const copier = button([icon("copy"), "Copy suggested reply"], run, { class: "small primary" });
  const head = h("div", { class: "suggestion-head" }, h("h3", {}, "Suggested reply"), copier);
  opening.hidden = true;
  element.classList.add("suggestion");
  element.prepend(head);
  element.append(h("p", { class: "quiet" }, "Read it before you use it. Deskhand sends nothing."));
}

// What the quote says, with the lines and dashes that a message has.
function plainText(quote) {
  const parts = [...quote.children].map((part) => {
    const items = [...part.querySelectorAll("li")].map((item, at) => `${part.tagName === "OL" ? `${at + 1}.` : "-"} ${textOf(item)}`);
    return items.length ? items.join("\n") : textOf(part);
  });
  return parts.join("\n\n");
}

const textOf = (element) => [...element.childNodes].map((node) => (node.nodeName === "BR" ? "\n" : node.textContent)).join("").trim();
