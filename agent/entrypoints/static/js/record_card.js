// A record that belongs to no customer in the panel, as each system has it.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { source } from "./panel_sections.js";
import { pairs } from "./results.js";
import { plain } from "./words.js";

export function recordCard({ kind, id, sources }, close) {
  return h(
    "section",
    { class: "record-card", "aria-label": `${plain(kind)} ${id}` },
    h("div", { class: "card-head" }, h("h3", {}, `${plain(kind)} ${id}`), button([icon("close")], close, { class: "icon-only ghost small", "aria-label": "Close this record" })),
    ...sources.flatMap(({ system, at, fields }) => [pairs(Object.entries(fields).filter(([, value]) => typeof value !== "object")), source(system, at)]),
  );
}
