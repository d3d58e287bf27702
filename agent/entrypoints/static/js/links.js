// Turns the ids in an answer into buttons that open the record in the panel.

import { button } from "./dom.js";

const NUMBERED = /\b(orders?|products?)(?:\s+(?:no\.?|number|id))?\s*#?\s*(\d+)\b/gi;
const COLUMN = [
  [/^order(\s*(id|no\.?|number))?$/i, "order"],
  [/^product\s*(id|no\.?|number)$/i, "product"],
];
const WORD = /[A-Za-z0-9_-]+/g;

// Only ids that tool results brought become buttons.
export function linkIds(element, records, open) {
  const wordy = records.wordy();
  for (const node of textNodes(element)) {
    const found = [...words(node.data, wordy), ...numbers(node.data, records)];
    if (!found.length) found.push(...alone(node, records));
    if (found.length) replace(node, found, open);
  }
  for (const table of element.querySelectorAll("table")) linkColumns(table, records, open);
}

function* words(text, wordy) {
  for (const match of text.matchAll(WORD)) {
    const kind = wordy.get(match[0]);
    if (kind) yield { from: match.index, id: match[0], kind };
  }
}

function* numbers(text, records) {
  for (const match of text.matchAll(NUMBERED)) {
    const [whole, word, id] = match;
    const kind = word.toLowerCase().replace(/s$/, "");
    if (records.find(kind, id)) yield { from: match.index + whole.length - id.length, id, kind };
  }
}

// "order **2**": the number stands in an element of its own.
function* alone(node, records) {
  const id = node.data.trim();
  if (!/^\d+$/.test(id) || !node.parentElement.matches("strong, em, code")) return;
  const before = /\b(order|product)s?(?:\s+(?:no\.?|number|id))?\s*#?\s*$/i.exec(node.parentElement.previousSibling?.textContent ?? "");
  const kind = before?.[1].toLowerCase();
  if (kind && records.find(kind, id)) yield { from: node.data.indexOf(id), id, kind };
}

function linkColumns(table, records, open) {
  const heads = [...table.querySelectorAll("th")].map((cell) => cell.textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, index) => {
      const kind = COLUMN.find(([pattern]) => pattern.test(heads[index] ?? ""))?.[1];
      const id = cell.textContent.trim().replace(/^#/, "");
      if (kind && !cell.querySelector("button") && records.find(kind, id)) cell.replaceChildren(link(kind, id, open));
    });
  }
}

export function link(kind, id, open) {
  return button(id, () => open(kind, id), { class: "id-link", title: `Show ${kind} ${id} in the panel`, "aria-label": `${id}, show this ${kind} in the panel` });
}

function textNodes(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("button, pre") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

function replace(node, found, open) {
  const pieces = [];
  let done = 0;
  for (const { from, id, kind } of found.sort((one, other) => one.from - other.from)) {
    if (from < done) continue;
    pieces.push(node.data.slice(done, from), link(kind, id, open));
    done = from + id.length;
  }
  pieces.push(node.data.slice(done));
  node.replaceWith(...pieces);
}
