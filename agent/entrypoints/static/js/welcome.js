// What an empty conversation shows: what the console can do, examples, and what is behind it.

import { button, h, only } from "./dom.js";
import { list } from "./words.js";

const CAN = [
  ["Find a customer", "by name, e-mail, phone or id, however it is spelled"],
  ["See everything at once", "orders, warranties, reviews and profile, out of systems that do not know each other"],
  ["Notice differences", "between systems, and what could not be asked"],
];

// ask: asks an example; soon: one is about to be asked.
export function drawWelcome(me, { ask, soon }) {
  const examples = me.examples.map((question) => h("li", {}, button(question, () => ask(question), { class: "example" })));
  for (const example of examples) for (const event of ["pointerenter", "focusin"]) example.addEventListener(event, soon, { once: true });
  only("welcome").replaceChildren(
    h("h2", {}, "Who is on the line?"),
    h("p", { class: "lead" }, "Ask in your own words. Deskhand looks it up and shows which system said what; it only reads and never changes or sends anything."),
    h("ul", { class: "can" }, ...CAN.map(([what, how]) => h("li", {}, h("strong", {}, what), ` ${how}`))),
    h("h3", {}, "Try one"),
    h("ul", { class: "examples" }, ...examples),
    h("p", { class: "behind" }, ...behind(me)),
  );
}

function behind(me) {
  const systems = list(me.systems.filter(({ system }) => !["model", "conversations", "local"].includes(system)).map(({ label }) => label));
  const told = [h("strong", {}, `Stack: ${me.stack}. Model: ${me.model_id}. `)];
  if (me.model_is_understudy) told.push("Answers are written by the understudy, a set of rules that stands in for a language model: it is quick and repeats itself exactly, and it understands less. ");
  told.push(`It asks: ${systems}.`);
  return told;
}
