// Puts the console together and decides what follows what.

import { announce, copyText, toast } from "./announcing.js";
import { Api, ApiError, conversationPath } from "./api.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { Conversations } from "./conversations.js";
import { signedOut } from "./dialogs.js";
import { only } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Drawers } from "./drawers.js";
import { listenForKeys, showKeys } from "./keys.js";
import { Panel } from "./panel.js";
import { Scrolling } from "./scrolling.js";
import { askedAbout, subjectOf } from "./subjects.js";
import { Systems } from "./systems.js";
import { answerText, isOver } from "./turns.js";
import { drawWelcome } from "./welcome.js";
import { learnSystems } from "./words.js";

const NEW = "new";

class Console {
  #booted = false;
  #api = new Api(() => this.#signedOut());
  #drafts = new Drafts();
  #drawers = new Drawers();
  #scrolling = new Scrolling();
  #systems = new Systems(this.#api);
  #otherTabs = new BroadcastChannel("deskhand");
  #editing = null;
  #panel = new Panel(this.#api, {
    reveal: () => this.#drawers.open(this.#drawers.panel),
    copy: copyText,
    learned: (call) => this.#chat.records.learn(call),
  });
  #conversations = new Conversations(this.#api, {
    open: (id) => this.#go(id),
    renamed: (id, title) => this.#renamed(id, title),
    deleted: (id) => id === this.#chat.id && this.#fresh(),
  });
  #composer = new Composer({
    drafts: this.#drafts,
    send: (text) => this.#send(text),
    stop: () => this.#chat.stop(),
    cancelEdit: () => this.#cancelEdit(),
  });
  #chat = new Chat(this.#api, {
    subject: (subject) => this.#subject(subject),
    subjectOf: (call, turn) => subjectIn(call, turn),
    learned: (call) => this.#panel.customers.learn(call),
    asking: (call) => this.#panel.expect(askedAbout(call)),
    began: (first) => this.#began(first),
    ended: (turn) => this.#ended(turn),
    changed: () => this.#draw(),
    scroll: (isNew) => (isNew ? this.#scrolling.toStart() : this.#scrolling.follow()),
    view: (chat) => this.#turnHost(chat),
  });

  async start() {
    const me = await this.#api.me();
    this.#booted = true;
    learnSystems(me.systems);
    drawWelcome(me, (question) => this.#send(question));
    only("rep-name").textContent = me.rep.name || me.rep.id;
    only("behind").textContent = me.model_is_understudy ? `${me.stack} · understudy` : `${me.stack} · ${me.model_id}`;
    only("behind").title = `Stack: ${me.stack}. Model: ${me.model_id}.`;
    this.#listen();
    this.#conversations.refresh();
    this.#systems.check();
    await this.#route();
    document.body.dataset.ready = "true";
  }

  #listen() {
    window.addEventListener("hashchange", () => this.#route());
    only("new-conversation").addEventListener("click", () => this.#fresh());
    only("sign-out").addEventListener("click", () => this.#signOut());
    only("show-keys").addEventListener("click", showKeys);
    only("chat-menu").addEventListener("click", () => this.#conversations.menu(this.#chat.id, this.#chat.title, only("chat-menu")));
    document.addEventListener("visibilitychange", () => document.hidden || this.#conversations.refresh());
    this.#otherTabs.addEventListener("message", ({ data }) => this.#heard(data));
    listenForKeys({
      find: () => {
        this.#drawers.open(this.#drawers.list);
        this.#conversations.focusFind();
      },
      fresh: () => this.#fresh(),
      tab: (number) => this.#panel.openTab(number),
      copyLast: () => this.#withLast((turn) => copyText(answerText(turn), "Answer copied.")),
      retryLast: () => this.#withLast((turn) => this.#retry(turn)),
      editLast: () => this.#withLast((turn) => this.#edit(turn)),
      compose: () => this.#composer.focus(),
      escape: () => this.#escape(),
    });
  }

  // The open conversation is in the address, so that it can be linked to and reloaded.
  async #route() {
    const id = decodeURIComponent(location.hash.slice(1));
    if (!id) {
      this.#clear();
      this.#composer.use(NEW);
      this.#composer.focus();
      return;
    }
    if (id !== this.#chat.id || !this.#chat.known) await this.#open(id);
  }

  async #open(id) {
    this.#panel.forget();
    this.#cancelEdit();
    this.#composer.use(id);
    this.#drawers.close();
    try {
      await this.#chat.open(id);
    } catch (error) {
      if (error.name === "AbortError") return;
      const gone = error instanceof ApiError && error.status === 404;
      toast(gone ? "There is no such conversation." : `The conversation could not be opened. ${error.message}`, "bad");
      if (gone) this.#fresh();
      return;
    }
    this.#composer.focus();
  }

  #go(id) {
    this.#drawers.close();
    if (id === this.#chat.id) this.#composer.focus();
  }

  #fresh() {
    this.#drawers.close();
    if (location.hash) history.pushState(null, "", location.pathname);
    this.#clear();
    this.#composer.use(NEW);
    this.#composer.focus();
  }

  #clear() {
    this.#panel.forget();
    this.#cancelEdit();
    this.#chat.fresh();
  }

  #send(text) {
    if (this.#chat.busy) return;
    const replaced = this.#editing;
    this.#editing = null;
    this.#composer.setEditing(false);
    this.#composer.put("");
    this.#chat.ask(text, replaced);
  }

  #began(first) {
    if (first) {
      history.pushState(null, "", `#${this.#chat.id}`);
      this.#composer.use(this.#chat.id);
    }
    this.#composer.focus();
    this.#tell("run");
    // The server knows the run as soon as its first frame is here.
    setTimeout(() => this.#conversations.refresh(), 150);
  }

  #ended(turn) {
    this.#conversations.refresh();
    this.#tell("ended");
    if (turn.state === "failed" || turn.answer?.unavailable?.length) this.#systems.check();
    if (turn.state === "failed" && !this.#composer.text) this.#drafts.set(this.#chat.id, turn.question);
  }

  #subject({ customerId, candidates }) {
    if (customerId) this.#panel.show(customerId);
    else this.#panel.choose(candidates);
  }

  #turnHost(chat) {
    return {
      records: chat.records,
      openRecord: (kind, id) => this.#panel.open(chat.records.find(kind, id)),
      copy: copyText,
      retry: (turn) => this.#retry(turn),
      edit: (turn) => this.#edit(turn),
      reload: () => this.#open(chat.id),
      rate: (turn, value, reason) => this.#rate(chat.id, turn, value, reason),
    };
  }

  #retry(turn) {
    if (this.#chat.busy) return;
    this.#drafts.set(this.#chat.id, "");
    if (turn.state === "failed") {
      this.#chat.discard(turn);
      this.#chat.ask(turn.question, turn.replaced ?? null);
    } else this.#chat.ask(turn.question, turn);
  }

  #edit(turn) {
    if (this.#chat.busy) return;
    if (turn.state === "failed") this.#chat.discard(turn);
    this.#editing = turn.state === "failed" ? (turn.replaced ?? null) : turn;
    this.#composer.setEditing(this.#editing !== null);
    this.#composer.put(turn.question);
    this.#composer.focus();
  }

  #cancelEdit() {
    if (!this.#editing) return;
    this.#editing = null;
    this.#composer.setEditing(false);
    this.#composer.put("");
    this.#composer.focus();
  }

  async #rate(id, turn, value, reason) {
    try {
      await this.#api.send("POST", `${conversationPath(id)}/turns/${encodeURIComponent(turn.turnId)}/thumb`, { value, reason });
    } catch (error) {
      toast(error instanceof ApiError ? error.message : "That could not be saved.", "bad");
      return false;
    }
    turn.thumb = value ? { value, reason } : null;
    announce(value ? "Noted. Thank you." : "Taken back.");
    return true;
  }

  #renamed(id, title) {
    if (id === this.#chat.id) this.#chat.title = title;
    this.#draw();
    this.#tell("ended");
  }

  #withLast(run) {
    const turn = this.#chat.lastTurn;
    if (turn && isOver(turn)) run(turn);
  }

  // Esc closes what is open first, and stops the answer only when nothing is.
  #escape() {
    if (this.#drawers.close()) return;
    if (this.#editing) this.#cancelEdit();
    else if (this.#chat.busy) this.#chat.stop();
  }

  #draw() {
    const chat = this.#chat;
    const isEmpty = chat.empty && !chat.known;
    only("welcome").hidden = !isEmpty;
    only("turns").hidden = isEmpty;
    only("chat-title").textContent = chat.title || (isEmpty ? "New conversation" : "Conversation");
    document.title = chat.title ? `${chat.title} · Deskhand` : "Deskhand";
    only("chat-menu").hidden = !chat.known;
    this.#composer.setBusy(chat.busy, chat.stopping);
    this.#conversations.mark(chat.known ? chat.id : null);
  }

  #tell(what) {
    this.#otherTabs.postMessage({ what, id: this.#chat.id });
  }

  // Another tab of the same rep asked something, or was answered, in some conversation.
  #heard({ what, id }) {
    if (what === "signed-out") this.#signedOut();
    else {
      if (id === this.#chat.id && !this.#chat.busy) setTimeout(() => this.#chat.busy || this.#open(id), 200);
      this.#conversations.refresh();
    }
  }

  #signedOut() {
    if (this.#booted) signedOut();
    else location.replace(`/sign-in${location.hash}`);
  }

  async #signOut() {
    try {
      await this.#api.send("POST", "/auth/sign-out");
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) {
        toast("Signing out did not work. Please try again.", "bad");
        return;
      }
    }
    this.#drafts.clear();
    this.#tell("signed-out");
    location.replace("/sign-in");
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

function failed(error) {
  if (error instanceof ApiError && error.status === 401) return;
  const note = only("start-problem");
  note.hidden = false;
  note.textContent = `The console could not start. ${error.message} Reload the page to try again.`;
}

new Console().start().catch(failed);
