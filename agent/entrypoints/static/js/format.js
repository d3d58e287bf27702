// How money, dates and times are written: one way everywhere.

const DOLLARS = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

// Amounts arrive as decimal text; the formatter reads that text itself, so nothing is rounded twice.
export function money(amount) {
  if (amount === null || amount === undefined || amount === "") return "unknown";
  return Number.isFinite(Number(amount)) ? DOLLARS.format(amount) : String(amount);
}

export function day(stamp) {
  return stamp ? String(stamp).slice(0, 10) : "unknown";
}

export function clock(moment) {
  return new Date(moment).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export function exactClock(moment) {
  const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Date(moment).toLocaleTimeString([], options);
}

export function localDay(moment) {
  const date = new Date(moment);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

// Today's things by their time, older ones by their day.
export function moment(stamp) {
  return localDay(stamp) === localDay(Date.now()) ? clock(stamp) : localDay(stamp);
}

export function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 95 ? 2 : 1)} s`;
}

export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

export function daysLeft(warranty) {
  const days = warranty.days_left;
  if (warranty.status === "not_started") return "not started yet";
  if (typeof days !== "number") return "";
  if (days === 0) return "last day today";
  return days > 0 ? `${count(days, "day")} left` : `ended ${count(-days, "day")} ago`;
}
