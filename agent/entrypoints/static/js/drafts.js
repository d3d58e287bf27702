// Text that was typed and not sent yet, kept in this tab through a reload or a sign-in.

const PREFIX = "deskhand draft ";

export class Drafts {
  get(key) {
    return sessionStorage.getItem(PREFIX + key) ?? "";
  }

  set(key, text) {
    if (text) sessionStorage.setItem(PREFIX + key, text);
    else sessionStorage.removeItem(PREFIX + key);
  }

  // A rep who signs out leaves nothing behind for the next one.
  clear() {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  }
}
