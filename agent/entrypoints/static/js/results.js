// Draws a tool's result: lists as tables, records as pairs, everything as text.

import { h } from "./dom.js";
import { day, money } from "./format.js";
import { head, isMoney, plain } from "./words.js";

const MOST_ROWS = 50;
// A date, an id or a sum is not broken over two lines.
const SHORT = 14;
const isRecord = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isEmpty = (value) => value === null || value === undefined || value === "";

export function resultElement(data) {
  if (Array.isArray(data.columns) && Array.isArray(data.rows)) return sqlTable(data);
  const plainFields = [];
  const larger = [];
  for (const [field, value] of Object.entries(data)) {
    if (isRecord(value) || (Array.isArray(value) && value.length)) larger.push([field, value]);
    else if (!Array.isArray(value) && value !== null && !(field === "truncated" && !value)) plainFields.push([field, value]);
  }
  return h("div", { class: "result" }, ...larger.map(part), plainFields.length ? pairs(plainFields) : null);
}

function part([field, value]) {
  const caption = h("h4", {}, head(field));
  if (isRecord(value)) return h("section", {}, caption, h("div", { class: "inset" }, resultElement(value)));
  if (value.every(isRecord)) return h("section", {}, caption, table(value));
  return h("section", {}, caption, h("ul", {}, ...value.map((item) => h("li", {}, shown(field, item)))));
}

export function pairs(entries) {
  return h(
    "dl",
    { class: "pairs" },
    ...entries.map(([field, value]) => h("div", {}, h("dt", {}, head(field)), h("dd", {}, shown(field, value)))),
  );
}

function table(items) {
  const fields = [...new Set(items.flatMap((item) => Object.keys(item)))].filter((field) =>
    items.some((item) => !isEmpty(item[field])),
  );
  const rows = items.slice(0, MOST_ROWS).map((item) => fields.map((field) => [field, item[field]]));
  return tableOf(fields.map((field) => [field, head(field)]), rows, items.length);
}

function sqlTable({ columns, rows }) {
  const heads = columns.map((column) => [column, plain(column)]);
  return tableOf(heads, rows.slice(0, MOST_ROWS).map((row) => row.map((value, index) => [columns[index], value])), rows.length);
}

function tableOf(heads, rows, all) {
  const numeric = (field) => isMoney(field) || /(^|_)(quantity|orders|rating|days_left|total)$/.test(field);
  const cell = ([field, value]) => {
    const text = shown(field, value);
    const classes = [numeric(field) ? "number" : "", text.length <= SHORT ? "short" : ""];
    return h("td", { class: classes.join(" ").trim() || null }, text);
  };
  return h(
    "div",
    { class: "table-frame", tabindex: "0", role: "group", "aria-label": "Rows of the result" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, ...heads.map(([field, label]) => h("th", { scope: "col", class: numeric(field) ? "number" : null }, label)))),
      h("tbody", {}, ...rows.map((row) => h("tr", {}, ...row.map(cell)))),
    ),
    all > rows.length ? h("p", { class: "quiet" }, `The first ${rows.length} of ${all} rows.`) : null,
  );
}

function shown(field, value) {
  if (isEmpty(value)) return "–";
  if (value === true) return "yes";
  if (value === false) return "no";
  if (typeof value === "object") return JSON.stringify(value);
  if (isMoney(field)) return money(value);
  if (/(_date|_at|^as_of)$/.test(field)) return day(value);
  return String(value);
}
