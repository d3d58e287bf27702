// The console by keyboard, and the sheet that lists its keys.

import { shown } from "./dialogs.js";
import { h } from "./dom.js";

const OFF = "deskhand single keys off";
const SHEET = [
  ["Enter", "Send the question"],
  ["Shift + Enter", "New line"],
  ["Esc", "Stop the answer; close what is open"],
  ["Ctrl + K", "Find a conversation"],
  ["Alt + N", "New conversation"],
  ["Alt + 1 … 4", "Orders, warranties, reviews, profile"],
  ["Alt + C", "Copy the last answer"],
  ["Alt + R", "Ask the last question again"],
  ["Alt + E", "Edit the last question"],
  ["← → in the tabs", "Next section of the customer"],
  ["↑ ↓ in the list", "Next conversation"],
  ["/", "To the message box"],
  ["?", "This sheet"],
];

// actions: {find, fresh, tab, copyLast, retryLast, editLast, compose, escape}
export function listenForKeys(actions) {
  const withAlt = { KeyN: actions.fresh, KeyC: actions.copyLast, KeyR: actions.retryLast, KeyE: actions.editLast };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const run = chosen(event, actions, withAlt);
    if (!run) return;
    event.preventDefault();
    run();
  });
}

// Alt is compared by the place of the key: with Alt, a Mac types other characters.
function chosen(event, actions, withAlt) {
  if (event.key === "Escape") return actions.escape;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.code === "KeyK") return actions.find;
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
    return digit ? () => actions.tab(Number(digit)) : withAlt[event.code];
  }
  if (event.ctrlKey || event.metaKey || isTyping(event.target) || localStorage.getItem(OFF)) return null;
  return { "/": actions.compose, "?": showKeys }[event.key];
}

const isTyping = (element) => element.matches?.("input, textarea, select, [contenteditable]");

export function showKeys() {
  const rows = SHEET.map(([keys, does]) => h("div", {}, h("dt", {}, ...keysIn(keys)), h("dd", {}, does)));
  const box = h("input", { type: "checkbox" });
  box.checked = !localStorage.getItem(OFF);
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
  return shown("Keys", h("dl", { class: "keys" }, ...rows), h("label", { class: "check" }, box, "Keys without Ctrl or Alt ( / and ? ) are on"));
}

function keysIn(text) {
  return text.split(/( \+ | … | in the \w+)/).map((piece, index) => (index % 2 || !piece ? piece : h("kbd", {}, piece)));
}
