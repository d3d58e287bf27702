// Questions asked in this tab whose answer is not stored: a failed one is still there after a reload.

const PREFIX = "deskhand asked ";
const MOST = 10;

export class Unanswered {
  // [{runId, question, at, replaces, after, failure}] of a conversation, oldest first; no failure: not known yet.
  of(conversationId) {
    try {
      return JSON.parse(sessionStorage.getItem(PREFIX + conversationId)) ?? [];
    } catch {
      return [];
    }
  }

  keep(conversationId, { runId, question, at, replaces, after, failure }) {
    const entry = { runId, question, at, replaces, after, failure };
    this.#write(conversationId, [...this.#others(conversationId, runId), entry].slice(-MOST));
  }

  drop(conversationId, runId) {
    this.#write(conversationId, this.#others(conversationId, runId));
  }

  #others(conversationId, runId) {
    return this.of(conversationId).filter((entry) => entry.runId !== runId);
  }

  #write(conversationId, entries) {
    try {
      if (entries.length) sessionStorage.setItem(PREFIX + conversationId, JSON.stringify(entries));
      else sessionStorage.removeItem(PREFIX + conversationId);
    } catch {
      // No room left in this tab: the question is then gone after a reload, as it was before.
    }
  }
}
