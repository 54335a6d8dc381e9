// Building blocks: elements made without markup strings, so that no text can become markup.
import { ICONS } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Keys of `props`: `class`, `data` (object), `on` (object of listeners),
 * DOM properties such as `hidden` or `disabled`, and anything else as an attribute.
 * `null`, `undefined` and `false` values are left out.
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "on") listen(element, value);
    else if (value === true) element.toggleAttribute(name, true);
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function listen(element, listeners) {
  for (const [type, listener] of Object.entries(listeners)) {
    element.addEventListener(type, listener);
  }
}

/** An icon of our own set; decoration only, the control around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** Put icons where the static skeleton asks for them. */
export function drawIcons() {
  for (const place of document.querySelectorAll("[data-icon]")) {
    place.replaceWith(icon(place.dataset.icon));
  }
}

/** The element with this id; the page's skeleton always has it. */
export const byId = (id) => document.getElementById(id);

/** Copy text to the clipboard; gives false where the browser refuses. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Let a popup open right above the composer, at its end; it lives in the browser's top layer. */
export function placeAboveComposer(popup) {
  popup.addEventListener("beforetoggle", () => {
    const { right, top } = byId("composer").getBoundingClientRect();
    popup.style.right = `${Math.max(window.innerWidth - right, 8)}px`;
    popup.style.bottom = `${window.innerHeight - top + 8}px`;
  });
}
