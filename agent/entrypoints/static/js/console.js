// The console's frame: who is signed in, which conversation is open, what a key or a button leads to.

import { toast } from "./announcing.js";
import { Api, ApiError } from "./api.js";
import { Composer } from "./composer.js";
import { Conversations } from "./conversations.js";
import { signedOut } from "./dialogs.js";
import { only } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Drawers } from "./drawers.js";
import { listenForKeys, showKeys } from "./keys.js";
import { loadAhead } from "./later.js";
import { Scrolling } from "./scrolling.js";
import { Systems } from "./systems.js";
import { drawWelcome } from "./welcome.js";
import { learnSystems } from "./words.js";

const NEW = "new";
const NOBODY = { id: null, known: false, empty: true, busy: false, stopping: false, title: "" };

class Console {
  #booted = false;
  #talk = null;
  #loading = null;
  #api = new Api(() => this.#signedOut());
  #drafts = new Drafts();
  #drawers = new Drawers();
  #scrolling = new Scrolling();
  #systems = new Systems(this.#api);
  #otherTabs = new BroadcastChannel("deskhand");
  #conversations = new Conversations(this.#api, {
    open: (id) => this.#go(id),
    renamed: (id, title) => this.#renamed(id, title),
    deleted: (id) => this.#deleted(id),
  });
  #composer = new Composer({
    drafts: this.#drafts,
    typing: () => this.#load(),
    send: (text) => this.#send(text),
    stop: () => this.#chat.stop(),
    cancelEdit: () => this.#talk?.cancelEdit(),
  });

  get #chat() {
    return this.#talk?.chat ?? NOBODY;
  }

  async start() {
    if (location.hash) this.#load();
    const me = await this.#api.me();
    this.#booted = true;
    this.#drafts.belongTo(me.rep.id);
    this.#composer.limit(me.question_characters);
    learnSystems(me.systems);
    drawWelcome(me, { ask: (question) => this.#send(question), soon: () => this.#load() });
    only("rep-name").textContent = me.rep.name || me.rep.id;
    only("behind").textContent = me.model_is_understudy ? `${me.stack} · understudy` : `${me.stack} · ${me.model_id}`;
    only("behind").title = `Stack: ${me.stack}. Model: ${me.model_id}.`;
    this.#listen();
    this.#conversations.refresh();
    this.#systems.check();
    await this.#route();
    document.body.dataset.ready = "true";
  }

  // Chat and panel come when they are needed; an empty page is there sooner without them.
  #load() {
    if (!this.#loading) loadAhead();
    this.#loading ??= import("./talk.js").then(({ Talk }) => {
      this.#talk = new Talk({
        api: this.#api,
        composer: this.#composer,
        drafts: this.#drafts,
        scrolling: this.#scrolling,
        reveal: () => this.#drawers.open(this.#drawers.panel),
        began: (first) => this.#began(first),
        ended: (turn) => this.#ended(turn),
        changed: () => this.#draw(),
        openAgain: (id) => this.#open(id),
        fresh: () => this.#fresh(),
      });
      return this.#talk;
    });
    this.#loading.catch(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  #listen() {
    window.addEventListener("hashchange", () => this.#route());
    only("new-conversation").addEventListener("click", () => this.#fresh());
    only("sign-out").addEventListener("click", () => this.#signOut());
    only("show-keys").addEventListener("click", showKeys);
    only("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.#composer.focus();
    });
    only("chat-menu").addEventListener("click", () => this.#conversations.menu(this.#chat.id, this.#chat.title, only("chat-menu")));
    document.addEventListener("visibilitychange", () => document.hidden || this.#conversations.refresh());
    this.#otherTabs.addEventListener("message", ({ data }) => this.#heard(data));
    listenForKeys({
      find: () => {
        this.#drawers.open(this.#drawers.list);
        this.#conversations.focusFind();
      },
      fresh: () => this.#fresh(),
      tab: (number) => this.#talk?.openTab(number),
      copyLast: () => this.#talk?.copyLast(),
      retryLast: () => this.#talk?.retryLast(),
      editLast: () => this.#talk?.editLast(),
      compose: () => this.#composer.focus(),
      escape: () => this.#escape(),
    });
  }

  // The open conversation is in the address, so that it can be linked to and reloaded.
  async #route() {
    const id = idIn(location.hash);
    if (!id) this.#empty();
    else if (id !== this.#chat.id || !this.#chat.known) await this.#open(id);
  }

  async #open(id) {
    this.#composer.use(id);
    this.#drawers.close();
    try {
      await (await this.#load()).open(id);
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
    this.#empty();
  }

  #empty() {
    this.#talk?.fresh();
    this.#draw();
    this.#composer.use(NEW);
    this.#composer.focus();
    this.#scrolling.toStart();
  }

  async #send(text) {
    try {
      (await this.#load()).send(text);
    } catch {
      toast("The console could not be loaded. Reload the page; what you typed is kept.", "bad");
    }
  }

  #began(first) {
    if (first) {
      history.pushState(null, "", `#${this.#chat.id}`);
      this.#drafts.set(NEW, "");
      this.#composer.use(this.#chat.id);
    }
    this.#composer.focus();
    this.#tell("run");
    // By then the server knows the run and lists it as answering.
    setTimeout(() => this.#conversations.refresh(), 150);
  }

  #ended(turn) {
    this.#conversations.refresh();
    this.#tell("ended");
    if (turn.state === "failed" || turn.answer?.unavailable?.length || this.#systems.anyDown) this.#systems.check();
  }

  #renamed(id, title) {
    if (id === this.#chat.id) this.#chat.title = title;
    this.#draw();
    this.#tell("ended");
  }

  #deleted(id) {
    this.#otherTabs.postMessage({ what: "deleted", id });
    if (id === this.#chat.id) this.#fresh();
  }

  // Esc closes what is open first, and stops the answer only when nothing is.
  #escape() {
    if (this.#drawers.close() || this.#talk?.cancelEdit()) return;
    if (this.#chat.busy) this.#chat.stop();
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
    else if (what === "deleted" && id === this.#chat.id) {
      this.#fresh();
      toast("This conversation was deleted in another tab.", "bad");
    } else {
      if (id === this.#chat.id && !this.#chat.busy) setTimeout(() => this.#chat.busy || this.#open(id), 200);
      this.#conversations.refresh();
    }
  }

  #signedOut() {
    if (this.#booted) signedOut();
    else location.replace(`/sign-in${location.hash}`);
  }

  async #signOut() {
    let next = "/sign-in";
    try {
      next = (await this.#api.sent("POST", "/auth/sign-out")).next;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) {
        toast("Signing out did not work. Please try again.", "bad");
        return;
      }
    }
    this.#drafts.clear();
    this.#tell("signed-out");
    location.replace(next);
  }
}

// A link that was cut or mistyped names no conversation; that is for the server to say.
function idIn(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

function failed(error) {
  if (error instanceof ApiError && error.status === 401) return;
  const note = only("start-problem");
  note.hidden = false;
  note.textContent = `The console could not start. ${error.message} Reload the page to try again.`;
}

new Console().start().catch(failed);
