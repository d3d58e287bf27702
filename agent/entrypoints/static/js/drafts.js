// Text that was typed and not sent yet, kept in this tab through a reload or a sign-in.

const PREFIX = "deskhand draft ";
const OWNER = "deskhand rep";

export class Drafts {
  get(key) {
    return sessionStorage.getItem(PREFIX + key) ?? "";
  }

  set(key, text) {
    if (text) keep(PREFIX + key, text);
    else sessionStorage.removeItem(PREFIX + key);
  }

  // A rep leaves nothing behind for the next one at the same desk.
  belongTo(repId) {
    if (sessionStorage.getItem(OWNER) === repId) return;
    this.clear();
    sessionStorage.setItem(OWNER, repId);
  }

  clear() {
    sessionStorage.clear();
  }
}

// A text that is too long for this tab's store stays on the page, and only there.
function keep(key, text) {
  try {
    sessionStorage.setItem(key, text);
  } catch {
    sessionStorage.removeItem(key);
  }
}
