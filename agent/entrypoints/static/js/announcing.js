// Says things once: to a screen reader, or as a short note on the screen.

import { h, only } from "./dom.js";

const SHOWN_MS = 4000;

export function announce(text) {
  const region = only("announcer");
  region.textContent = "";
  requestAnimationFrame(() => {
    region.textContent = text;
  });
}

export function toast(text, kind = "good") {
  const note = h("p", { class: `toast ${kind}` }, text);
  only("toasts").replaceChildren(note);
  setTimeout(() => note.remove(), SHOWN_MS);
}

export async function copyText(text, said) {
  if (await copied(text)) toast(said);
  else toast("This browser did not let the console copy. Mark the text and copy it yourself.", "bad");
}

// navigator.clipboard exists only on https and on loopback addresses.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = h("textarea", { class: "unseen", "aria-hidden": "true" });
    field.value = text;
    const focused = document.activeElement;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    focused?.focus();
    return done;
  }
}
