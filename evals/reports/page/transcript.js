// What opens under a case: its trials as chats, tool calls as lines, findings where they belong.

/** The body of a case, made when it is first opened. */
function renderCase(held) {
  const shown = held.trials.find((trial) => trial.status === held.status) ?? held.trials[0];
  if (held.trials.length === 1) return element("div", { class: "body" }, about(held), renderTrial(shown));
  const bodies = held.trials.map((trial) => {
    const box = element(
      "details",
      { class: "trial", open: trial === shown },
      element("summary", {}, statusBadge(trial.status), ` Trial ${trial.number}, ${duration(trial.ms)}`),
    );
    whenOpened(box, () => renderTrial(trial));
    return box;
  });
  return element("div", { class: "body" }, about(held), bodies);
}

/** Fills a details element when it is opened for the first time. */
function whenOpened(box, render) {
  let filled = false;
  const fill = () => {
    if (box.open && !filled) {
      filled = true;
      box.append(render());
    }
  };
  box.addEventListener("toggle", fill);
  fill();
}

function about(held) {
  const words = [`data ${held.seed}`, `on ${held.now}`, ...held.tags.map((tag) => `#${tag}`)];
  const link = element("a", { href: addressOf({ case: held.id }) }, "link to this conversation");
  return element("p", { class: "about" }, words.join(" · "), " · ", link);
}

function renderTrial(trial) {
  const findings = trial.verdicts.flatMap((verdict) =>
    verdict.findings.map((finding) => ({ scorer: verdict.scorer, safety: verdict.safety, finding })),
  );
  const of = (number) =>
    findings.filter(({ finding }) => (finding.turn < trial.turns.length ? finding.turn : null) === number);
  return element(
    "div",
    { class: "chat" },
    trial.error && element("p", { class: "finding error" }, `${trial.status === "error" ? "Not scored" : "Not judged by all"}: ${trial.error}`),
    trial.turns.map((turn, number) => renderTurn(turn, number, of(number), trial.turns)),
    of(null).length > 0 && element("h4", {}, "Of the whole conversation"),
    of(null).map(renderFinding),
    renderVerdicts(trial.verdicts),
  );
}

function renderTurn(turn, number, findings, turns) {
  const several = new Set(turns.map((each) => `${each.conversation} ${each.by}`)).size > 1;
  const who = several ? `Rep ${turn.by}, conversation ${turn.conversation}` : "Rep";
  return element(
    "section",
    { class: "turn", "aria-label": `Turn ${number + 1}` },
    element("p", { class: "who" }, `${number + 1}. ${who}`),
    element("div", { class: "rep", dir: "auto" }, turn.rep),
    turn.calls.length > 0 && element("div", { class: "calls" }, turn.calls.map(renderCall)),
    renderReply(turn, findings),
    findings.map(renderFinding),
  );
}

function renderReply(turn, findings) {
  if (!turn.answer && turn.failed) {
    return element("div", { class: "desk broken" }, element("p", { class: "who" }, "Desk failed"), turn.failed);
  }
  const holder = element("div", {}, renderAnswer(turn.answer || "(nothing)", findings));
  const button = element("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "as written");
  button.addEventListener("click", () => {
    const raw = button.getAttribute("aria-pressed") === "false";
    button.setAttribute("aria-pressed", String(raw));
    holder.replaceChildren((raw ? renderRaw : renderAnswer)(turn.answer, findings));
  });
  return element("div", { class: "desk" }, element("p", { class: "who" }, "Desk ", ...facts(turn), button), holder);
}

function facts(turn) {
  const { usage } = turn;
  const tokens = usage.input_tokens + usage.output_tokens;
  const words = [
    turn.unavailable.length > 0 && `not asked: ${turn.unavailable.join(", ")}`,
    usage.model_calls > 0 && plural(usage.model_calls, "model call"),
    tokens > 0 && `${tokens.toLocaleString("en")} tokens`,
    duration(usage.ms),
  ].filter(Boolean);
  return [element("span", { class: "tag" }, turn.outcome || "no outcome"), ` ${words.join(" · ")} `];
}

function renderCall(call) {
  const rows = call.rows === null ? "" : plural(call.rows, "row");
  const ended = call.ok ? rows || call.kind : call.error || call.kind;
  const box = element(
    "details",
    { class: `call ${call.kind}` },
    element(
      "summary",
      {},
      element("code", {}, call.tool),
      element("span", { class: "preview" }, argumentsOf(call)),
      element("span", { class: "ended" }, `${call.system} · ${ended} · ${duration(call.ms)}`),
    ),
  );
  whenOpened(box, () => element("pre", {}, JSON.stringify(call.input, null, 2)));
  return box;
}

function argumentsOf(call) {
  const text = Object.entries(call.input)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function renderFinding({ scorer, safety, finding }) {
  return element(
    "p",
    { class: `finding${safety ? " unsafe" : ""}` },
    element("strong", {}, scorer, safety && " (safety)"),
    ` ${finding.message}`,
    finding.text && element("q", {}, finding.text),
  );
}

function renderVerdicts(verdicts) {
  if (!verdicts.length) return "";
  const chips = verdicts.map((verdict) =>
    element(
      "li",
      { class: `verdict ${verdict.status}` },
      element("span", { "aria-hidden": "true" }, STATUS_SIGNS[verdict.status]),
      ` ${verdict.scorer}`,
      verdict.safety && element("span", { class: "of" }, " safety"),
      element("span", { class: "unseen" }, `: ${verdict.status.replace("_", " ")}`),
    ),
  );
  return element("div", { class: "verdicts" }, element("h4", {}, "Verdicts"), element("ul", {}, chips));
}
