// The console's icons as inline SVG: no icon font, nothing to fetch.

import { svg } from "./dom.js";

const PATHS = {
  copy: "M9 9h10v11H9zM5 15V4h10",
  up: "M7 11v9H4v-9zM7 11l4-8c1.700 0 2.500 1 2.500 2.500V9H19c1.200 0 2 1 1.700 2.200l-1.500 7c-.2 1-1 1.800-2 1.800H7",
  down: "M17 13V4h3v9zM17 13l-4 8c-1.700 0-2.500-1-2.500-2.500V15H5c-1.200 0-2-1-1.700-2.200l1.500-7C5 4.800 5.800 4 6.800 4H17",
  mail: "M3 6h18v12H3zM3 7l9 6 9-6",
  retry: "M4 12a8 8 0 1 0 2.500-5.800M4 4v4.500h4.500",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.8-4 4-6 8-6s7.200 2 8 6",
  plus: "M12 5v14M5 12h14",
  warn: "M12 4L2.500 20h19zM12 10v4M12 17h.01",
  arrow: "M12 5v14M6 13l6 6 6-6",
  send: "M5 12h14M13 6l6 6-6 6",
  stop: "M7 7h10v10H7z",
  check: "M5 12.500l4.500 4.500L19 7.500",
  key: "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
};

export function icon(name) {
  const drawing = svg("svg", { viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" });
  drawing.append(svg("path", { d: PATHS[name] }));
  return drawing;
}
