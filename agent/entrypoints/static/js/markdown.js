// An answer's Markdown as elements. The text is hostile: whatever is no plain formatting stays text.

import { marked } from "../vendor/marked/marked.js";
import "../vendor/dompurify/purify.js";
import { h } from "./dom.js";

const TAGS =
  "p br hr strong em del code pre ul ol li table thead tbody tr th td blockquote h3 h4".split(" ");
const ALLOWED = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ["align", "start"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

const SHORT = 24;
const FIGURE = /^\s*-?\$?[\d,]+(\.\d+)?\s*%?\s*$/;
const ID = /^\s*(order|product|customer|review|id|no\.?|number)\b/i;

const escaped = (text) =>
  text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

// The page's own headings stand above those of an answer.
function heading({ tokens, depth }) {
  const level = depth < 3 ? 3 : 4;
  return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`;
}

// A link or an image could carry data out, so both are shown as what was written and lead nowhere.
marked.use({
  gfm: true,
  renderer: {
    heading,
    html: ({ raw }) => escaped(raw),
    image: ({ raw }) => escaped(raw),
    link: ({ raw }) => escaped(raw),
  },
});

export const blocksOf = (text) => marked.lexer(text);

// Short values stay on one line; a column of figures stands to the right whatever the Markdown says.
function mark(table) {
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells]);
  for (const cell of [head, ...rows].flat()) if (cell.textContent.length <= SHORT) cell.classList.add("short");
  head.forEach((cell, at) => {
    const column = rows.map((row) => row[at]).filter(Boolean);
    const isFigures = column.length > 0 && column.every((one) => FIGURE.test(one.textContent)) && !ID.test(cell.textContent);
    if (isFigures) for (const one of [cell, ...column]) one.classList.add("number");
  });
}

// One top-level block, safe to put on the page.
export function blockElement(block) {
  const fragment = globalThis.DOMPurify.sanitize(marked.parser([block]), ALLOWED);
  for (const table of fragment.querySelectorAll("table")) {
    const frame = h("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table in the answer" });
    table.replaceWith(frame);
    frame.append(table);
    mark(table);
  }
  const element = h("div", { class: "block" });
  element.append(fragment);
  return element;
}
