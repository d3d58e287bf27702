// A small menu that opens beside its button.

import { button, h } from "./dom.js";

let close = () => {};

// items: [{label, run, href, danger}]
export function openMenu(opener, label, items) {
  close();
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label });
  const entries = items.map((item) => entry(item, () => close(true)));
  menu.append(...entries);
  (opener.closest("nav, main") ?? document.body).append(menu);
  place(menu, opener);
  opener.setAttribute("aria-expanded", "true");
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  close = (refocus = false) => {
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", outside);
    menu.remove();
    opener.setAttribute("aria-expanded", "false");
    if (refocus && opener.isConnected) opener.focus();
    close = () => {};
  };
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", outside);
  menu.addEventListener("keydown", (event) => {
    const at = entries.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) entries.at((at + step) % entries.length).focus();
    else if (event.key === "Home") entries[0].focus();
    else if (event.key === "End") entries.at(-1).focus();
    else if (event.key === "Escape" || event.key === "Tab") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  entries[0].focus();
}

function entry({ label, run, href, danger }, done) {
  const properties = { role: "menuitem", tabindex: "-1", class: danger ? "danger-text" : null };
  if (href) return h("a", { ...properties, href, download: true, on: { click: () => setTimeout(done) } }, label);
  const chosen = () => {
    done();
    run();
  };
  return button(label, chosen, properties);
}

function place(menu, opener) {
  const box = opener.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 4 + height <= innerHeight;
  menu.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(box.right - width, innerWidth - width - 8))}px`;
}
