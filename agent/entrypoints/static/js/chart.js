// Order totals over time as a small bar chart; the table below it holds the same figures.

import { h, svg } from "./dom.js";
import { money } from "./format.js";

const WIDTH = 400;
const HEIGHT = 92;
const FLOOR = 74;
const MOST_BARS = 12;
const DATE = /^\d{4}-\d{2}/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// null when there is nothing to compare.
export function ordersChart(orders, all) {
  const bars = barsOf(orders);
  if (bars.length < 2) return null;
  const most = Math.max(...bars.map(({ total }) => total)) || 1;
  const step = WIDTH / bars.length;
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": spoken(bars) });
  drawing.append(svg("line", { x1: 0, x2: WIDTH, y1: FLOOR + 0.5, y2: FLOOR + 0.5, class: "axis" }));
  bars.forEach(({ label, total }, index) => {
    const middle = step * (index + 0.5);
    const height = total ? Math.max(2, (total / most) * 56) : 0;
    const width = Math.min(26, step * 0.6);
    const caption = svg("text", { x: middle, y: HEIGHT - 4, class: "axis-label" });
    caption.append(label);
    drawing.append(caption);
    if (!total) return;
    drawing.append(svg("rect", { x: middle - width / 2, y: FLOOR - height, width, height, rx: 2 }));
    const amount = svg("text", { x: middle, y: FLOOR - height - 4, class: "bar-label" });
    amount.append(shortAmount(total));
    drawing.append(amount);
  });
  return h("figure", { class: "chart" }, h("figcaption", {}, all > orders.length ? `Totals of the newest ${orders.length} orders over time` : "Order totals over time"), drawing);
}

// By month while that fits, else by year.
function barsOf(orders) {
  const dated = orders.filter(({ order_date: date, total_amount: total }) => DATE.test(date) && Number.isFinite(Number(total)));
  if (!dated.length) return [];
  const months = dated.map(({ order_date: date }) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1);
  const first = Math.min(...months);
  const last = Math.max(...months);
  const byYear = last - first >= MOST_BARS;
  const slot = (month) => (byYear ? Math.floor(month / 12) : month);
  const bars = [];
  for (let at = slot(first); at <= slot(last); at += 1) bars.push({ at, label: byYear ? String(at) : monthLabel(at, at === slot(first)), total: 0 });
  dated.forEach((order, index) => {
    bars[slot(months[index]) - slot(first)].total += Number(order.total_amount);
  });
  return bars.slice(-MOST_BARS);
}

const monthLabel = (month, withYear) => {
  const name = MONTHS[month % 12];
  return withYear || month % 12 === 0 ? `${name} ’${String(Math.floor(month / 12)).slice(2)}` : name;
};

const shortAmount = (total) => (total >= 10000 ? `${Math.round(total / 1000)}k` : Math.round(total).toLocaleString("en-US"));
const spoken = (bars) => `Order totals over time: ${bars.filter(({ total }) => total).map(({ label, total }) => `${label} ${money(total.toFixed(2))}`).join(", ")}`;
