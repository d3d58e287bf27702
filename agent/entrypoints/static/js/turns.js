// A turn as the page knows it: the same shape for a live run and for a stored one.

const asTime = (stamp) => (typeof stamp === "number" ? stamp : Date.parse(stamp));

export function newTurn(question, runId, replaces = null) {
  return {
    turnId: null,
    runId,
    question,
    at: Date.now(),
    parts: [],
    state: "asking",
    answer: null,
    failure: null,
    thumb: null,
    replaces,
    after: null,
    stored: false,
  };
}

export function storedTurn({ turn_id: turnId, question, at, answer, calls, stopped, thumb }) {
  const asked = asTime(at);
  const parts = calls.map((call) => ({ kind: "call", call: { ...call, state: call.ok ? "done" : "failed", at: asked } }));
  if (answer.answer) parts.push({ kind: "text", id: turnId, text: answer.answer });
  return {
    turnId,
    runId: null,
    question,
    at: asked,
    parts,
    state: stopped || answer.stopped ? "stopped" : "answered",
    answer,
    failure: null,
    thumb,
    replaces: null,
    stored: true,
  };
}

export const calls = (turn) => turn.parts.filter(({ kind }) => kind === "call").map(({ call }) => call);
// Whether a turn that was asked is among the stored ones, behind the one that was the last then.
export function isAmong(stored, asked) {
  const since = stored.slice(stored.findIndex(({ turnId }) => turnId === asked.after) + 1);
  return since.some(({ turnId, question }) => turnId === asked.turnId || question === asked.question);
}

export const isOver = (turn) => turn.state !== "asking";
export const answerText = (turn) =>
  turn.parts.filter(({ kind }) => kind === "text").map(({ text }) => text).join("\n\n").trim();

const HANDLERS = {
  TEXT_MESSAGE_START(turn, event) {
    turn.brokeOff = false;
    turn.parts.push({ kind: "text", id: event.messageId, text: "" });
  },
  TEXT_MESSAGE_CONTENT(turn, event) {
    const part = turn.parts.findLast(({ id }) => id === event.messageId);
    if (part) part.text += event.delta;
  },
  TOOL_CALL_START(turn, event) {
    const call = {
      id: event.toolCallId,
      system: event.metadata?.deskhand?.system ?? "",
      tool: event.toolCallName,
      input: {},
      state: "asking",
      at: event.timestamp ?? Date.now(),
    };
    turn.brokeOff = false;
    turn.parts.push({ kind: "call", call });
  },
  TOOL_CALL_ARGS(turn, event) {
    const call = callOf(turn, event);
    if (call) call.input = JSON.parse(event.delta);
  },
  TOOL_CALL_RESULT(turn, event) {
    const call = callOf(turn, event);
    if (!call) return;
    const { ok = true, ms = 0, rows = null, error = null } = event.metadata?.deskhand ?? {};
    const data = JSON.parse(event.content);
    const at = event.timestamp ?? Date.now();
    Object.assign(call, { ok, ms, rows, error, data: ok ? data : null, state: ok ? "done" : "failed", at });
  },
  CUSTOM(turn, event) {
    if (event.name !== "deskhand.reset") return;
    // Words before a tool call are thrown away too; only text at the end was the answer itself.
    turn.brokeOff = turn.parts.at(-1)?.kind === "text";
    turn.parts = turn.parts.filter(({ kind, id }) => kind === "call" || !event.value.includes(id));
  },
  RUN_FINISHED(turn, event) {
    turn.answer = event.result ?? null;
    turn.turnId = event.result?.turn_id ?? null;
    const stopped = event.outcome?.type === "cancelled" || event.result?.stopped;
    finish(turn, stopped ? "stopped" : "answered");
    settleText(turn);
  },
  RUN_ERROR(turn, event) {
    const retryable = event.metadata?.deskhand?.retryable ?? false;
    turn.failure = { code: event.code ?? "", message: event.message, retryable };
    finish(turn, "failed");
  },
};

// Folds one AG-UI event into the turn.
export function fold(turn, event) {
  HANDLERS[event.type]?.(turn, event);
}

export function finish(turn, state) {
  turn.state = state;
  for (const call of calls(turn)) {
    if (call.state === "asking") Object.assign(call, { state: "failed", ok: false, error: "stopped" });
  }
}

const callOf = (turn, event) => calls(turn).find(({ id }) => id === event.toolCallId);

// The answer as it is stored wins over what was streamed, so that a reload shows the same.
function settleText(turn) {
  const final = turn.answer?.answer;
  if (final === undefined || final === null) return;
  const texts = turn.parts.filter(({ kind }) => kind === "text");
  if (texts.at(-1)?.text.trim() === final.trim() && texts.length === 1) return;
  const last = texts.at(-1);
  turn.parts = turn.parts.filter(({ kind }) => kind === "call");
  if (final) turn.parts.push({ kind: "text", id: last?.id ?? turn.turnId, text: final });
}

// What a screen reader is told when a turn is over; a failure is an alert of its own.
export function spoken(turn) {
  if (turn.state === "failed") return "";
  const text = answerText(turn).replace(/[*_`#|>]+/g, " ");
  return turn.state === "stopped" ? `Stopped. ${text}` : `Answer: ${text}`;
}
