// Elements out of data: text becomes text nodes, so nothing in it can be markup.

const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e0fff}]+/gu;

/** The text with what a reader could not see written out, as ⟨U+202E⟩. */
function visible(text) {
  return String(text).replaceAll("\r\n", "\n").replace(HIDDEN, (hidden) => {
    const codes = [...hidden].map((sign) => sign.codePointAt(0).toString(16).toUpperCase().padStart(4, "0"));
    const more = codes.length > 3 ? ` and ${codes.length - 3} more hidden` : "";
    return `⟨U+${codes.slice(0, 3).join(" U+")}${more}⟩`;
  });
}

/** An element with attributes, listeners (`onclick`) and children; empty children are left out. */
function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child || child === 0).map(asNode));
  return node;
}

function asNode(child) {
  return child instanceof Node ? child : document.createTextNode(visible(child));
}

const STATUS_WORDS = { passed: "passed", failed: "failed", error: "not scored" };
const STATUS_SIGNS = { passed: "✓", failed: "✗", error: "!", not_applicable: "–" };

/** A status as a sign and a word, so that colour is never the only difference. */
function statusBadge(status) {
  return element(
    "span",
    { class: `badge ${status}` },
    element("span", { "aria-hidden": "true" }, STATUS_SIGNS[status]),
    ` ${STATUS_WORDS[status]}`,
  );
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function duration(ms) {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function addressOf(filter) {
  return `#${new URLSearchParams(filter)}`;
}
