// An answer's Markdown as elements: blocks, tables, bold and code. Links and images stay text.

const TABLE_RULE = /^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$/;
const LIST_ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(.*)$/;
const ORDERED = /^\s*\d/;

/** The answer as blocks, with the parts that findings are about marked. */
function renderAnswer(text, findings) {
  const body = element("div", { class: "answer", dir: "auto" });
  const lines = visible(text).split("\n");
  while (lines.length) body.append(...takeBlock(lines));
  markFindings(body, findings);
  return body;
}

/** The same words as they were written. */
function renderRaw(text, findings) {
  const body = element("pre", { class: "answer raw", dir: "auto" }, text);
  markFindings(body, findings);
  return body;
}

function takeBlock(lines) {
  if (!lines[0].trim()) {
    lines.shift();
    return [];
  }
  if (lines[0].trim().startsWith("```")) return [takeFence(lines)];
  if (lines[0].includes("|") && TABLE_RULE.test(lines[1] ?? "")) return [takeTable(lines)];
  if (LIST_ITEM.test(lines[0])) return [takeList(lines)];
  const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(lines[0]);
  if (heading) {
    lines.shift();
    return [element("p", { class: "heading" }, inline(heading[1]))];
  }
  return [takeParagraph(lines)];
}

function takeFence(lines) {
  lines.shift();
  const held = [];
  while (lines.length && !lines[0].trim().startsWith("```")) held.push(lines.shift());
  lines.shift();
  return element("pre", {}, held.join("\n"));
}

function takeTable(lines) {
  const heads = cellsOf(lines.shift());
  lines.shift();
  const rows = [];
  while (lines.length && lines[0].includes("|")) rows.push(cellsOf(lines.shift()));
  const row = (cells, tag) => element("tr", {}, cells.map((cell) => element(tag, {}, inline(cell))));
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element("thead", {}, row(heads, "th")),
      element("tbody", {}, rows.map((cells) => row(cells, "td"))),
    ),
  );
}

function cellsOf(line) {
  return line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function takeList(lines) {
  const ordered = ORDERED.test(lines[0]);
  const items = [];
  while (lines.length && lines[0].trim()) {
    const item = LIST_ITEM.exec(lines[0]);
    if (item && ORDERED.test(lines[0]) !== ordered) break;
    if (item) items.push(item[1]);
    else items[items.length - 1] += `\n${lines[0].trim()}`;
    lines.shift();
  }
  return element(ordered ? "ol" : "ul", {}, items.map((item) => element("li", {}, inline(item))));
}

function takeParagraph(lines) {
  const held = [lines.shift()];
  const goesOn = () =>
    lines.length && lines[0].trim() && !LIST_ITEM.test(lines[0]) && !lines[0].startsWith("```");
  while (goesOn() && !TABLE_RULE.test(lines[1] ?? "")) held.push(lines.shift());
  return element("p", {}, inline(held.join("\n")));
}

/** Bold, code and escaped signs of one stretch of text. */
function inline(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(/\*\*(?=\S)(.+?)\*\*|`([^`]+)`|\\([!-/:-@[-`{-~])/gs)) {
    parts.push(text.slice(end, found.index));
    if (found[1] !== undefined) parts.push(element("strong", {}, inline(found[1])));
    else if (found[2] !== undefined) parts.push(element("code", {}, found[2]));
    else parts.push(found[3]);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

/** Wraps every place of the findings' texts in a mark that names the scorers and what they say. */
function markFindings(body, findings) {
  for (const { scorer, finding } of findings) {
    if (!finding.text) continue;
    const words = [finding.text, finding.text.replace(/\*\*|`/g, "")].map((text) => visible(text).trim());
    for (const text of new Set(words.filter(Boolean))) {
      if (markText(body, text, `${scorer}: ${finding.message}`)) break;
    }
  }
}

function markText(body, text, why) {
  const nodes = textNodes(body);
  const whole = nodes.map((node) => node.data).join("");
  const places = placesOf(whole, text);
  for (const start of places.reverse()) wrap(nodes, start, start + text.length, why);
  return places.length > 0;
}

function textNodes(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  return nodes;
}

/** Where the text stands as whole words: the 3 of "1329.98" and of "3.50" is no 3. */
function placesOf(whole, text) {
  const places = [];
  for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + text.length)) {
    const before = whole.slice(Math.max(0, at - 2), at);
    const after = whole.slice(at + text.length, at + text.length + 2);
    const inWord =
      (/^[\p{L}\p{N}]/u.test(text) && /([\p{L}\p{N}]|\d[.,])$/u.test(before)) ||
      (/[\p{L}\p{N}]$/u.test(text) && /^([\p{L}\p{N}]|[.,]\d)/u.test(after));
    if (!inWord) places.push(at);
  }
  return places;
}

function wrap(nodes, start, end, why) {
  let at = 0;
  for (const node of nodes) {
    const [from, to] = [Math.max(start - at, 0), Math.min(end - at, node.length)];
    at += node.length;
    if (from >= to) continue;
    const middle = node.splitText(from);
    middle.splitText(to - from);
    const mark = element("mark", { title: visible(why) });
    middle.replaceWith(mark);
    mark.append(middle);
  }
}
