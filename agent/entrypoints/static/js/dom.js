// Builds elements. Every string becomes a text node, so no value can ever be read as HTML.

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) set(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "class") element.className = value;
  else if (name === "on") for (const [event, run] of Object.entries(value)) element.addEventListener(event, run);
  else if (name === "data") Object.assign(element.dataset, value);
  else if (value === true) element.setAttribute(name, "");
  else element.setAttribute(name, String(value));
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

export function button(label, run, properties = {}) {
  return h("button", { type: "button", ...properties, on: { click: run } }, label);
}

export const only = (id) => document.getElementById(id);
