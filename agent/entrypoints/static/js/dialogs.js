// Modal questions, with the browser's own dialog element: focus stays inside, Esc closes.

import { button, h } from "./dom.js";

function ask(dialog, focused) {
  return new Promise((resolve) => {
    const before = document.activeElement;
    dialog.addEventListener("close", () => {
      dialog.remove();
      // The browser has put the focus back already, and the rep may have moved on since.
      if (document.activeElement === document.body && before?.isConnected) before.focus();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
    focused.focus();
    focused.select?.();
  });
}

// The harmless button has the focus: Enter must not do what cannot be undone.
export async function confirmed(title, text, verb) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title", role: "alertdialog", "aria-describedby": "dialog-text" });
  const keep = button("Keep it", () => dialog.close(""));
  dialog.append(
    h("h2", { id: "dialog-title" }, title),
    h("p", { id: "dialog-text" }, text),
    h("div", { class: "row end" }, keep, button(verb, () => dialog.close("yes"), { class: "danger" })),
  );
  return (await ask(dialog, keep)) === "yes";
}

// The text that was entered, null when the rep changed his mind.
export async function entered(title, label, value) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
  const field = h("input", { type: "text", maxlength: "120", required: true, autocomplete: "off" });
  field.value = value;
  dialog.append(
    h(
      "form",
      { on: { submit: (event) => {
        event.preventDefault();
        if (field.value.trim()) dialog.close("yes");
      } } },
      h("h2", { id: "dialog-title" }, title),
      h("label", { class: "field" }, label, field),
      h("div", { class: "row end" }, button("Cancel", () => dialog.close("")), h("button", { type: "submit", class: "primary" }, "Save")),
    ),
  );
  return (await ask(dialog, field)) === "yes" ? field.value.trim() : null;
}

export function shown(title, ...content) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
  const close = button("Close", () => dialog.close(""), { class: "primary" });
  dialog.append(h("h2", { id: "dialog-title" }, title), ...content, h("div", { class: "row end" }, close));
  return ask(dialog, close);
}

// Nothing works any more until the rep has signed in again, so this one cannot be closed.
export function signedOut() {
  if (document.getElementById("signed-out")) return;
  const go = h("a", { class: "button primary", href: `/sign-in${location.hash}` }, "Sign in again");
  const dialog = h(
    "dialog",
    { id: "signed-out", "aria-labelledby": "dialog-title", on: { cancel: (event) => event.preventDefault() } },
    h("h2", { id: "dialog-title" }, "You are signed out"),
    h("p", {}, "Your session has ended. What you typed is kept in this tab and will be here when you are back."),
    h("div", { class: "row end" }, go),
  );
  document.body.append(dialog);
  dialog.showModal();
}
