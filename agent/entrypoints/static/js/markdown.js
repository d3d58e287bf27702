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
const MONEY = /^\s*-?\$[\d,]+\.\d\d\s*$/;

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

// Short values stay on one line, and money stands to the right whatever the Markdown says.
function mark(cell, table) {
  const text = cell.textContent;
  if (text.length <= SHORT) cell.classList.add("short");
  if (!MONEY.test(text)) return;
  cell.classList.add("number");
  table.tHead?.rows[0]?.cells[cell.cellIndex]?.classList.add("number");
}

// One top-level block, safe to put on the page.
export function blockElement(block) {
  const fragment = globalThis.DOMPurify.sanitize(marked.parser([block]), ALLOWED);
  for (const table of fragment.querySelectorAll("table")) {
    const frame = h("div", { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Table in the answer" });
    table.replaceWith(frame);
    frame.append(table);
    for (const row of table.rows) [...row.cells].forEach((cell) => mark(cell, table));
  }
  const element = h("div", { class: "block" });
  element.append(fragment);
  return element;
}
