// Follows one run to its end: starts it, reads on after a broken connection, loses and doubles nothing.

import { ApiError, conversationPath, runPath } from "./api.js";
import { readEvents } from "./events.js";

const PAUSES = [300, 700, 1500, 3000, 5000, 8000, 8000, 8000, 8000];
const HELD_MS = 1500;
const MOST_HELD = 14;
const LAST = new Set(["RUN_FINISHED", "RUN_ERROR"]);

/**
 * Returns "finished", "forgotten" (the server no longer knows the run), "lost" (no connection for long)
 * or "left" (the signal was aborted). Throws an ApiError when the server refuses the run.
 *
 * start: {text, replaces} for a new run, null to join one that is under way.
 */
export async function followRun({ api, conversationId, runId, start, signal, onEvent, onConnection, onHeld = () => {} }) {
  let held = 0;
  let after = 0;
  let begun = start === null;
  let failures = 0;
  const open = () =>
    begun
      ? api.open(`${runPath(conversationId, runId)}/events?after=${after}`, { signal })
      : api.open(`${conversationPath(conversationId)}/runs`, {
          method: "POST",
          body: { run_id: runId, ...start },
          signal,
        });
  for (;;) {
    try {
      const response = await open();
      begun = true;
      onConnection(true);
      for await (const { number, event } of readEvents(response)) {
        if (signal.aborted) return "left";
        if (number !== null && number <= after) continue;
        after = number ?? after;
        failures = 0;
        onEvent(event);
        if (LAST.has(event.type)) return "finished";
      }
    } catch (error) {
      if (signal.aborted) return "left";
      if (error instanceof ApiError) {
        if (begun && error.status === 404) return "forgotten";
        // A server that died held the conversation; that ends by itself.
        if (error.code === "conversation_busy" && held < MOST_HELD && (await isLeft(api, conversationId))) {
          held += 1;
          onHeld();
          await pause(HELD_MS, signal);
          continue;
        }
        if (error.status < 500) throw error;
        if (!begun) throw error;
      }
    }
    if (signal.aborted) return "left";
    if (failures >= PAUSES.length) return "lost";
    onConnection(false);
    await pause(PAUSES[failures], signal);
    failures += 1;
  }
}

// Whether nobody answers in the conversation, though it is not free.
async function isLeft(api, conversationId) {
  try {
    return (await api.get(`${conversationPath(conversationId)}?latest=1`)).run === null;
  } catch {
    return false;
  }
}

// Ends early when the browser is online again or the signal is aborted.
function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const early = () => {
      clearTimeout(timer);
      resolve();
    };
    window.addEventListener("online", early, { once: true });
    signal.addEventListener("abort", early, { once: true });
  });
}
