// Chat and panel together: what is asked, what its results identify, what the rep does with an answer.
// Loaded when the rep begins to type or opens a conversation; an empty page does without it.

import { announce, copyText, toast } from "./announcing.js";
import { ApiError, conversationPath } from "./api.js";
import { Chat } from "./chat.js";
import { Panel } from "./panel.js";
import { askedAbout, subjectOf } from "./subjects.js";
import { answerText, isOver } from "./turns.js";

export class Talk {
  #shell;
  #panel;
  #chat;
  #editing = null;

  // shell: {api, composer, drafts, scrolling, reveal, began, ended, changed, openAgain}, see console.js
  constructor(shell) {
    this.#shell = shell;
    this.#panel = new Panel(shell.api, {
      reveal: shell.reveal,
      copy: copyText,
      learned: (call) => this.#chat.records.learn(call),
    });
    this.#chat = new Chat(shell.api, {
      subject: ({ customerId, candidates }) => (customerId ? this.#panel.show(customerId) : this.#panel.choose(candidates)),
      subjectOf: subjectIn,
      learned: (call) => this.#panel.customers.learn(call),
      asking: (call) => this.#panel.expect(askedAbout(call)),
      began: shell.began,
      ended: (turn) => this.#ended(turn),
      changed: shell.changed,
      scroll: (isNew) => (isNew ? shell.scrolling.toStart() : shell.scrolling.follow()),
      view: (chat) => this.#turnHost(chat),
    });
  }

  get chat() {
    return this.#chat;
  }

  open(id) {
    this.#panel.forget();
    this.cancelEdit();
    return this.#chat.open(id);
  }

  fresh() {
    this.#panel.forget();
    this.cancelEdit();
    this.#chat.fresh();
  }

  send(text) {
    if (this.#chat.busy) return;
    const replaced = this.#editing;
    this.#edits(null);
    this.#shell.composer.put("");
    this.#chat.ask(text, replaced);
  }

  cancelEdit() {
    if (!this.#editing) return false;
    this.#edits(null);
    this.#shell.composer.put("");
    this.#shell.composer.focus();
    return true;
  }

  openTab(number) {
    this.#panel.openTab(number);
  }

  copyLast() {
    this.#withLast((turn) => copyText(answerText(turn), "Answer copied."));
  }

  retryLast() {
    this.#withLast((turn) => this.#retry(turn));
  }

  editLast() {
    this.#withLast((turn) => this.#edit(turn));
  }

  #withLast(run) {
    const turn = this.#chat.lastTurn;
    if (turn && isOver(turn)) run(turn);
  }

  // A failed question is not stored: it waits as a draft, so that not even a reload loses it.
  #ended(turn) {
    const { composer, drafts, ended } = this.#shell;
    if (turn.state === "failed" && !composer.text) drafts.set(this.#chat.id, turn.question);
    ended(turn);
  }

  #turnHost(chat) {
    return {
      records: chat.records,
      openRecord: (kind, id) => this.#panel.open(chat.records.find(kind, id)),
      copy: copyText,
      retry: (turn) => this.#retry(turn),
      edit: (turn) => this.#edit(turn),
      reload: () => this.#shell.openAgain(chat.id),
      rate: (turn, value, reason) => this.#rate(chat.id, turn, value, reason),
    };
  }

  #retry(turn) {
    if (this.#chat.busy) return;
    this.#shell.drafts.set(this.#chat.id, "");
    if (turn.state === "failed") {
      this.#chat.discard(turn);
      this.#chat.ask(turn.question, turn.replaced ?? null);
    } else this.#chat.ask(turn.question, turn);
  }

  #edit(turn) {
    if (this.#chat.busy) return;
    if (turn.state === "failed") this.#chat.discard(turn);
    this.#edits(turn.state === "failed" ? (turn.replaced ?? null) : turn);
    this.#shell.composer.put(turn.question);
    this.#shell.composer.focus();
  }

  #edits(turn) {
    this.#editing = turn;
    this.#shell.composer.setEditing(turn !== null);
  }

  async #rate(id, turn, value, reason) {
    try {
      await this.#shell.api.send("POST", `${conversationPath(id)}/turns/${encodeURIComponent(turn.turnId)}/thumb`, { value, reason });
    } catch (error) {
      toast(error instanceof ApiError ? error.message : "That could not be saved.", "bad");
      return false;
    }
    turn.thumb = value ? { value, reason } : null;
    announce(value ? "Noted. Thank you." : "Taken back.");
    return true;
  }
}

// A search that finds nobody does not hide the customer whom the same turn identified.
function subjectIn(call, turn) {
  const subject = subjectOf(call);
  if (!subject) return null;
  if (subject.customerId) turn.identified = true;
  else if (turn.identified && !subject.candidates.length) return null;
  return subject;
}
