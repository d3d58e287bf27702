// Asks for all modules of chat and panel at once, so that they do not wait for one another.

import { h } from "./dom.js";

const LATER = [
  "answer_actions", "chart", "chat", "customers", "earlier", "events", "following", "links", "markdown",
  "notices", "panel", "panel_head", "panel_sections", "prose", "record_card", "records",
  "results", "subjects", "suggestion", "tabs", "talk", "tool_line", "turn_list", "turn_view", "turns", "unanswered",
];
const VENDORED = ["marked/marked", "dompurify/purify"];

export function loadAhead() {
  const paths = [...LATER.map((name) => `./${name}.js`), ...VENDORED.map((name) => `../vendor/${name}.js`)];
  document.head.append(...paths.map((path) => h("link", { rel: "modulepreload", href: new URL(path, import.meta.url) })));
}
