// What is shown: kept in the address, so that a view can be sent to somebody else.

const FILTERS = ["status", "family", "severity", "scorer", "q", "case"];
const STATES = [
  ["", "All"],
  ["failed", "Failed"],
  ["error", "Not scored"],
  ["passed", "Passed"],
  ["unsafe", "Unsafe"],
];

function readFilter() {
  const given = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(FILTERS.map((name) => [name, given.get(name) ?? ""]));
}

function writeFilter(filter) {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value));
  const address = Object.keys(given).length ? addressOf(given) : " ";
  history.replaceState(null, "", address.trim() || location.pathname + location.search);
}

/** Whether a case is to be shown. */
function fits(filter, entry) {
  const { held } = entry;
  return (
    (!filter.case || held.id === filter.case) &&
    (!filter.status || held.status === filter.status || (filter.status === "unsafe" && entry.unsafe)) &&
    (!filter.family || held.family === filter.family) &&
    (!filter.severity || held.severity === filter.severity) &&
    (!filter.scorer || entry.failedBy.includes(filter.scorer)) &&
    filter.q.toLowerCase().split(/\s+/).every((word) => searchText(entry).includes(word))
  );
}

/** Every word of a case in small letters, made when it is first searched. */
function searchText(entry) {
  if (entry.text === undefined) {
    const { held } = entry;
    const parts = held.trials.flatMap((trial) => [
      trial.error,
      ...trial.turns.flatMap((turn) => [turn.rep, turn.answer, turn.failed, ...turn.calls.map((call) => call.tool)]),
      ...trial.verdicts.flatMap((verdict) => verdict.findings.map((finding) => finding.message)),
    ]);
    entry.text = [held.id, held.family, ...held.tags, ...parts].join("\n").toLowerCase();
  }
  return entry.text;
}

function filterBar(entries, change) {
  const count = (state) =>
    entries.filter(({ held, unsafe }) => !state || held.status === state || (state === "unsafe" && unsafe)).length;
  const states = STATES.map(([state, word]) =>
    element(
      "button",
      { type: "button", "data-status": state, onclick: () => change({ status: state }) },
      `${word} `,
      element("span", { class: "count" }, String(count(state))),
    ),
  );
  const search = element("input", {
    type: "search",
    id: "q",
    placeholder: "question, answer, finding ( / )",
    autocomplete: "off",
    spellcheck: "false",
    oninput: (event) => change({ q: event.target.value }),
  });
  return element(
    "form",
    { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
    element("div", { class: "states", role: "group", "aria-label": "Status" }, states),
    choice("family", "Family", entries.map(({ held }) => held.family), change),
    choice("severity", "Severity", entries.map(({ held }) => held.severity), change),
    choice("scorer", "Failed by", entries.flatMap(({ failedBy }) => failedBy), change),
    element("label", { class: "search" }, element("span", {}, "Search"), search),
    element("button", { type: "button", class: "clear", onclick: () => change(null) }, "Clear"),
    element("output", { id: "shown", "aria-live": "polite" }),
  );
}

function choice(name, label, values, change) {
  const options = [...new Set(values)].sort().map((value) => element("option", { value }, value));
  const select = element(
    "select",
    { id: name, onchange: (event) => change({ [name]: event.target.value }) },
    element("option", { value: "" }, "any"),
    options,
  );
  return element("label", {}, element("span", {}, label), select);
}

/** Shows in the bar what the filter is. */
function reflect(bar, filter, shown, all) {
  for (const button of bar.querySelectorAll("[data-status]")) {
    button.setAttribute("aria-pressed", String(button.dataset.status === filter.status));
  }
  for (const name of ["family", "severity", "scorer", "q"]) {
    const control = bar.querySelector(`#${name}`);
    if (control.value !== filter[name]) control.value = filter[name];
  }
  bar.querySelector(".clear").disabled = Object.values(filter).every((value) => !value);
  bar.querySelector("#shown").value = filter.case
    ? `Only ${filter.case}`
    : `${shown} of ${plural(all, "conversation")}`;
}
