// What must be said beside an answer: not asked, stopped, failed, and what to do about it.

import { button, h } from "./dom.js";
import { icon } from "./icons.js";
import { answerText } from "./turns.js";
import { list, systemName } from "./words.js";

const ADVICE = {
  conversation_busy: "It may be answering in another tab. Wait for that answer or stop it.",
  not_found: "Start a new conversation and ask there.",
  lost: "Your question may have been answered meanwhile: try to load it before you ask again.",
  forgotten: "Ask again.",
};
const SAID = /please|try again|ask again/i;

export function noticesOf(turn, host) {
  const notices = [];
  const missing = turn.answer?.unavailable ?? [];
  if (missing.length) {
    const names = list(missing.map(systemName));
    notices.push(
      h("p", { class: "notice warn" }, icon("warn"), h("span", {}, h("strong", {}, `${names} did not answer.`), " What is known there is missing from this answer.")),
    );
  }
  if (turn.state === "stopped") {
    const said = answerText(turn) ? "Stopped by you. What had been said stays." : "Stopped by you before anything was said.";
    notices.push(h("p", { class: "notice quiet-notice" }, icon("stop"), h("span", {}, said)));
  }
  if (turn.state === "failed") notices.push(failure(turn, host));
  return notices;
}

function failure(turn, host) {
  const { code, message, retryable, requestId } = turn.failure;
  const advice = ADVICE[code] ?? (retryable && !SAID.test(message) ? "Try again in a moment." : "");
  const again = code === "lost" ? button([icon("retry"), "Load the conversation"], () => host.reload(), { class: "small" }) : null;
  return h(
    "div",
    { class: "notice bad", role: "alert" },
    icon("warn"),
    h(
      "div",
      {},
      h("strong", {}, ...message.split("`").map((piece, at) => (at % 2 ? h("code", {}, piece) : piece))),
      " ",
      h("span", {}, advice),
      requestId ? h("p", { class: "quiet" }, `Request id: ${requestId}`) : null,
      h("div", { class: "row" }, again, button([icon("retry"), "Try again"], () => host.retry(turn), { class: "small" }), button([icon("edit"), "Edit question"], () => host.edit(turn), { class: "small ghost" }), button("Dismiss", () => host.dismiss(turn), { class: "small ghost", title: "Take this question off the page; it was not answered" })),
    ),
  );
}
