// The head of the page and its tables: families, scorers (safety apart), coverage, baseline.

function renderHead({ report, words, commit, not_scored, what_it_shows, unsafe, coverage, comparison }) {
  const count = (status) => report.cases.filter((held) => held.status === status).length;
  const holes = coverage ? holesOf(coverage) : 0;
  const wrong = count("failed") || holes || comparison?.worse || !report.cases.length;
  const style = wrong ? "failed" : count("error") ? "error" : "passed";
  const jump = (status, number, word) =>
    element("a", { href: addressOf({ status }), class: number ? status : "none" }, `${number} ${word}`);
  return [
    element("p", { class: "over" }, "Deskhand evaluations"),
    element("h1", { class: style }, words),
    element(
      "p",
      { class: "jumps" },
      jump("failed", count("failed"), "failed"),
      jump("unsafe", unsafe.length, "unsafe"),
      jump("error", count("error"), "not scored"),
      jump("passed", count("passed"), "passed"),
      element(
        "span",
        { class: "hint" },
        `${not_scored}${report.trials > 1 ? `, ${report.trials} trials each` : ""}, in ${duration(report.ms)}`,
      ),
    ),
    element("dl", { class: "facts" }, runFacts(report, commit)),
    what_it_shows && element("p", { class: "note" }, what_it_shows),
  ].filter(Boolean);
}

function runFacts(report, commit) {
  const known = [
    ["Model", report.model_id + (report.replayed ? " (replayed)" : "")],
    ["Stack", report.stack],
    ["Started", report.started],
    ["Commit", commit || "not known"],
    ["Prompt", report.prompt_hashes.join(", ") || "none seen"],
    ...Object.entries(report.data_hashes).map(([seed, digest]) => [`Data ${seed}`, digest]),
  ];
  return known.map(([name, value]) =>
    element(
      "div",
      {},
      element("dt", {}, name),
      element("dd", { title: visible(value) }, value.length > 30 ? `${value.slice(0, 29)}…` : value),
    ),
  );
}

function renderSummary(run) {
  return [
    element("div", { class: "tables" }, familyTable(run), element("div", {}, scorerTables(run))),
    run.comparison && comparisonBox(run.comparison),
    run.coverage && coverageBox(run.coverage),
  ].filter(Boolean);
}

function table(caption, heads, rows, note) {
  return element(
    "div",
    { class: "card" },
    element("h2", {}, caption),
    note && element("p", { class: "hint" }, note),
    element(
      "div",
      { class: "scroll" },
      element(
        "table",
        { class: "figures" },
        element("thead", {}, element("tr", {}, heads.map((head) => element("th", { scope: "col" }, head)))),
        element("tbody", {}, rows),
      ),
    ),
  );
}

function figure(count, kind) {
  return element("td", { class: count ? kind : "none" }, String(count));
}

function familyTable({ families, report }) {
  const several = report.trials > 1;
  const heads = ["Family", "Cases", "Passed", "Failed", "Not scored", "Unsafe", ""];
  if (several) heads.splice(6, 0, "pass^1", `pass^${report.trials}`);
  const share = (value) => element("td", {}, value === null ? "–" : value.toFixed(3));
  const rows = families.map((family, number) => {
    const total = number === families.length - 1;
    const address = addressOf(total ? {} : { family: family.family });
    return element(
      "tr",
      { class: total && "total" },
      element("th", { scope: "row" }, element("a", { href: address }, family.family)),
      figure(family.cases, ""),
      figure(family.passed, "passed"),
      figure(family.failed, "failed"),
      figure(family.error, "error"),
      figure(family.unsafe, "unsafe"),
      several && [share(family.pass_1), share(family.pass_k)],
      element("td", { class: "wide" }, shareBar(family)),
    );
  });
  return table("Conversations by family", heads, rows);
}

/** The shares as a drawing; the figures beside it say the same in words. */
function shareBar(family) {
  const meter = element("span", { class: "bar", "aria-hidden": "true" });
  for (const status of ["passed", "failed", "error"]) {
    if (!family[status]) continue;
    const part = element("span", { class: status });
    part.style.flexGrow = String(family[status]);
    meter.append(part);
  }
  return meter;
}

function scorerTables({ scorers }) {
  const rows = (safety) =>
    scorers
      .filter((scorer) => scorer.safety === safety)
      .map((scorer) =>
        element(
          "tr",
          {},
          element(
            "th",
            { scope: "row" },
            scorer.failed
              ? element("a", { href: addressOf({ scorer: scorer.scorer }) }, scorer.scorer)
              : scorer.scorer,
          ),
          figure(scorer.judged, ""),
          figure(scorer.passed, "passed"),
          figure(scorer.failed, safety ? "unsafe" : "failed"),
          figure(scorer.error, "error"),
          element("td", { class: "none" }, String(scorer.not_applicable)),
        ),
      );
  const heads = ["Scorer", "Judged", "Passed", "Failed", "Error", "Nothing to judge"];
  return [
    table("Safety", heads, rows(true), "Counted by itself, never averaged with quality."),
    table("Quality", heads, rows(false)),
  ];
}

function holesOf(coverage) {
  return coverage.tools.flatMap(({ cells }) => cells).filter(({ gap }) => gap).length;
}

function coverageBox(coverage) {
  const cell = ({ count, explained, gap }) =>
    count
      ? element("td", {}, String(count))
      : gap
        ? element("td", { class: "failed" }, "empty")
        : element("td", { class: "none", title: visible(explained) }, explained ? "explained" : "0");
  const rows = coverage.tools.map(({ tool, cells }) =>
    element("tr", {}, element("th", { scope: "row" }, tool), cells.map(cell)),
  );
  const holes = holesOf(coverage);
  const words = !coverage.whole
    ? "a part of the suite ran, so empty cells do not count"
    : holes
      ? `${holes} empty and not explained`
      : "every cell is filled or explained";
  const stale = coverage.stale.length > 0 && `Explained for nothing: ${coverage.stale.join(", ")}`;
  return element(
    "details",
    { class: "box", open: holes > 0 },
    element("summary", {}, element("strong", {}, "Coverage"), ` ${words}`),
    table("Calls of each tool that ended so", ["Tool", ...coverage.kinds], rows, stale),
    element("ul", { class: "reasons" }, reasonsOf(coverage)),
  );
}

/** Each reason once, with the cells that are empty because of it. */
function reasonsOf(coverage) {
  const cells = new Map();
  for (const { tool, cells: held } of coverage.tools) {
    held.forEach(({ count, explained }, number) => {
      if (count || !explained) return;
      cells.set(explained, [...(cells.get(explained) ?? []), `${tool} × ${coverage.kinds[number]}`]);
    });
  }
  return [...cells].map(([reason, named]) =>
    element("li", {}, reason, " ", element("small", {}, `(${named.join(", ")})`)),
  );
}

function changeOf([before, now]) {
  return `${before.toLocaleString("en")} → ${now.toLocaleString("en")}`;
}

function comparisonBox(comparison) {
  const groups = [
    ["Passed before, not now", comparison.lost],
    ["Of these safety or critical", comparison.grave],
    ["Did not pass before, passes now", comparison.gained],
    ["Passing less often", comparison.less_often],
    ["Passing more often", comparison.more_often],
    ["New, nothing to compare with", comparison.new],
    ["Gone", comparison.gone],
    ["Not judged now", comparison.not_compared],
  ];
  const gone = new Set(comparison.gone);
  const named = (id) => element(gone.has(id) ? "span" : "a", { href: !gone.has(id) && addressOf({ case: id }) }, id);
  const rows = groups.map(([name, ids]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, name),
      element("td", { class: ids.length ? "" : "none" }, String(ids.length)),
      element("td", { class: "ids" }, ids.map((id) => [named(id), " "]).flat()),
    ),
  );
  const tests =
    `${comparison.compared} compared. Exact tests: flips p = ${comparison.p_flips.toFixed(3)}, ` +
    `passing less often p = ${comparison.p_worse.toFixed(3)}. Tokens ${changeOf(comparison.tokens)}, ` +
    `time ${changeOf(comparison.ms)} ms. ${comparison.remarks.join("; ")}`;
  const outcome = comparison.worse ? element("strong", { class: "failed" }, "worse") : "not worse";
  return element(
    "details",
    { class: "box", open: comparison.worse },
    element("summary", {}, element("strong", {}, "Against the baseline"), " ", outcome),
    table("What changed", ["", "Cases", ""], rows, tests),
  );
}
