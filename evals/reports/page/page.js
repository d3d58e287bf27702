// Puts the page together: the head, the tables, and the list of cases under its filters.

const run = JSON.parse(document.getElementById("run").textContent);
const ORDER = { failed: 0, error: 1, passed: 2 };
const unsafe = new Set(run.unsafe);

const entries = run.report.cases.map((held) => {
  const entry = { held, unsafe: unsafe.has(held.id), failedBy: failedBy(held) };
  entry.node = row(entry);
  return entry;
});
entries.sort((one, other) => rank(one) - rank(other));

const bar = filterBar(entries, change);
const list = element("div", { class: "list" }, entries.map(({ node }) => node));
const nothing = element("p", { class: "nothing", hidden: true }, "No conversation fits these filters.");
let filter = readFilter();

document.getElementById("head").append(...renderHead(run));
document.getElementById("summary").append(...renderSummary(run));
document.getElementById("cases").append(bar, list, nothing);
addEventListener("hashchange", () => {
  // The skip link changes the address too, and must not change what is shown.
  if (location.hash === "#cases") writeFilter(filter);
  else follow();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.getElementById("q").focus();
  }
});
follow();

function failedBy(held) {
  const verdicts = held.trials.flatMap((trial) => trial.verdicts);
  const failed = verdicts.filter((verdict) => verdict.status === "failed");
  return [...new Set(failed.map((verdict) => verdict.scorer))];
}

function rank({ held, unsafe }) {
  return unsafe ? -1 : ORDER[held.status];
}

function row(entry) {
  const { held } = entry;
  const turns = held.trials[0]?.turns.length ?? 0;
  const passed = held.trials.filter((trial) => trial.status === "passed").length;
  const box = element(
    "details",
    { class: `case ${held.status}`, id: `case-${held.id}` },
    element(
      "summary",
      {},
      statusBadge(held.status),
      element("span", { class: "id" }, held.id),
      element(
        "span",
        { class: "chips" },
        entry.unsafe && element("span", { class: "chip unsafe" }, "unsafe"),
        entry.failedBy.map((scorer) => element("span", { class: "chip" }, scorer)),
      ),
      held.severity !== "normal" && element("span", { class: `tag ${held.severity}` }, held.severity),
      element("span", { class: "family" }, held.family),
      element(
        "span",
        { class: "size" },
        held.trials.length > 1 ? `${passed}/${held.trials.length} trials` : plural(turns, "turn"),
        ` · ${duration(held.trials.reduce((sum, trial) => sum + trial.ms, 0))}`,
      ),
    ),
  );
  whenOpened(box, () => renderCase(held));
  return box;
}

/** Changes some of the filter, or clears all of it. */
function change(some) {
  writeFilter(some === null ? {} : { ...filter, case: "", ...some });
  apply();
}

function apply() {
  filter = readFilter();
  let shown = 0;
  for (const entry of entries) {
    const fit = fits(filter, entry);
    entry.node.hidden = !fit;
    shown += fit;
    if (fit && filter.case) entry.node.open = true;
  }
  nothing.hidden = shown > 0;
  reflect(bar, filter, shown, entries.length);
}

/** Shows what the address asks for, and goes there when it asks for something. */
function follow() {
  apply();
  if (Object.values(filter).some(Boolean)) document.getElementById("cases").scrollIntoView();
}
