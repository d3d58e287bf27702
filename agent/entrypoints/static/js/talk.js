// Chat and panel together: what is asked, what its results identify, what the rep does with an answer.
// Loaded when the rep begins to type or opens a conversation; an empty page does without it.

import { announce, copyText, toast } from "./announcing.js";
import { ApiError, conversationPath } from "./api.js";
import { Chat } from "./chat.js";
import { Panel } from "./panel.js";
import { askedAbout, customersOf } from "./subjects.js";
import { answerText, calls, isOver } from "./turns.js";

const DRAFT = "Draft a reply to the customer";

export class Talk {
  #shell;
  #panel;
  #chat;
  #editing = null;

  // shell: {api, composer, drafts, scrolling, reveal, began, ended, changed, openAgain, fresh}, see console.js
  constructor(shell) {
    this.#shell = shell;
    this.#panel = new Panel(shell.api, {
      reveal: shell.reveal,
      copy: copyText,
      learned: (call) => this.#chat.records.learn(call),
    });
    this.#chat = new Chat(shell.api, {
      about: (turn) => this.#about(turn),
      learned: (call) => this.#panel.customers.learn(call),
      asking: (call) => this.#panel.expect(askedAbout(call)),
      began: (first) => {
        this.#panel.ask();
        shell.began(first);
      },
      ended: (turn) => this.#ended(turn),
      changed: shell.changed,
      scroll: (isNew) => (isNew ? shell.scrolling.toStart() : shell.scrolling.follow()),
      show: (element) => shell.scrolling.show(element),
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
    const edited = this.#editing;
    this.#edits(null);
    this.#shell.composer.put("");
    if (edited) this.#again(edited, text);
    else this.#chat.ask(text);
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

  // Whether the turn's results said whom it is about.
  #about(turn) {
    const { ids, candidates } = customersOf(calls(turn));
    if (ids.length) this.#panel.about(ids);
    else if (candidates) this.#panel.choose(candidates);
    return Boolean(ids.length || candidates);
  }

  #ended(turn) {
    this.#panel.settle();
    this.#shell.ended(turn);
  }

  #turnHost(chat) {
    return {
      records: chat.records,
      openRecord: (kind, id) => this.#panel.open(chat.records.find(kind, id)),
      copy: copyText,
      retry: (turn) => this.#retry(turn),
      edit: (turn) => this.#edit(turn),
      dismiss: (turn) => this.#dismiss(turn),
      reload: () => this.#shell.openAgain(chat.id),
      rate: (turn, value, reason) => this.#rate(chat.id, turn, value, reason),
      draft: () => this.#chat.busy || this.#chat.ask(DRAFT),
    };
  }

  #retry(turn) {
    if (!this.#chat.busy) this.#again(turn, turn.question);
  }

  #dismiss(turn) {
    if (this.#editing === turn) this.cancelEdit();
    this.#chat.discard(turn);
    if (this.#chat.empty) this.#shell.fresh();
    else this.#shell.composer.focus();
  }

  // A failed turn gives way to the new one, an answered one is replaced when the new one is stored.
  #again(turn, text) {
    if (turn.state !== "failed") this.#chat.ask(text, turn);
    else {
      this.#chat.discard(turn);
      this.#chat.ask(text, turn.replaced ?? null);
    }
  }

  #edit(turn) {
    if (this.#chat.busy) return;
    this.#edits(turn);
    this.#shell.composer.put(turn.question);
    this.#shell.composer.focus();
  }

  #edits(turn) {
    this.#editing = turn;
    this.#shell.composer.setEditing(turn !== null, turn?.state !== "failed");
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
