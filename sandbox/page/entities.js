// Formatted text: Bot API entities to elements. Offsets are UTF-16 units, as in JavaScript.
import { h, icon } from "./dom.js";
import { t } from "./strings.js";

/**
 * Nodes for `text` with its entities. `actions` has `command(text)` for pressed bot commands,
 * `copy(text)` for pressed code and `deepLink(url)` that gives true when it took a link itself.
 */
export function formatted(text, entities, actions) {
  const sorted = [...(entities ?? [])].sort(
    (a, b) => a.offset - b.offset || b.length - a.length || RANK(b) - RANK(a),
  );
  return span(text, 0, text.length, sorted, actions);
}

// Blocks enclose inline marks of the same extent.
const BLOCKS = new Set(["blockquote", "expandable_blockquote", "pre"]);
const RANK = (entity) => (BLOCKS.has(entity.type) ? 1 : 0);

function span(text, start, end, entities, actions) {
  const nodes = [];
  let at = start;
  while (entities.length > 0 && entities[0].offset < end) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    if (from > at) nodes.push(text.slice(at, from));
    const inner = takeInside(entities, to);
    nodes.push(wrap(entity, text.slice(from, to), span(text, from, to, inner, actions), actions));
    at = to;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

function takeInside(entities, end) {
  const count = entities.findIndex((entity) => entity.offset >= end);
  return entities.splice(0, count === -1 ? entities.length : count);
}

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s" };

function wrap(entity, raw, nodes, actions) {
  if (TAGS[entity.type]) return h(TAGS[entity.type], {}, nodes);
  switch (entity.type) {
    case "code": return code(raw, actions);
    case "pre": return pre(entity, raw, actions);
    case "spoiler": return spoiler(nodes);
    case "blockquote": return h("blockquote", {}, nodes);
    case "expandable_blockquote": return expandable(nodes);
    case "url": return link(withScheme(raw), nodes, actions);
    case "text_link": return link(entity.url, nodes, actions);
    case "email": return h("a", { href: `mailto:${raw}` }, nodes);
    case "bot_command": return command(raw, actions);
    case "mention": case "hashtag": case "cashtag": case "phone_number": case "text_mention":
      return h("span", { class: "mention" }, nodes);
    default: return h("span", {}, nodes);
  }
}

const withScheme = (url) => (/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `http://${url}`);

/** Only web addresses become links: a bot must not make the page run a script. */
export function safeUrl(url) {
  try {
    const parsed = new URL(url);
    return ["http:", "https:", "mailto:", "tg:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

function link(url, nodes, actions) {
  const href = safeUrl(url);
  if (href === null) return h("span", {}, nodes);
  const open = (event) => {
    if (actions.deepLink(href)) event.preventDefault();
  };
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", on: { click: open } }, nodes);
}

function command(raw, actions) {
  const press = () => actions.command(raw);
  return h("button", { type: "button", class: "command", on: { click: press } }, raw);
}

function code(raw, actions) {
  const press = () => actions.copy(raw);
  const name = t("copy_code", { text: raw });
  return h(
    "button",
    { type: "button", class: "code", title: t("copy"), "aria-label": name, on: { click: press } },
    h("code", {}, raw),
  );
}

function pre(entity, raw, actions) {
  const press = () => actions.copy(raw);
  const copy = h("button", { type: "button", "aria-label": t("copy"), on: { click: press } });
  copy.append(icon("copy"));
  const head = h("div", { class: "pre-head" }, h("span", {}, entity.language ?? ""), copy);
  return h("div", { class: "pre" }, head, h("pre", { tabindex: "0" }, raw));
}

function spoiler(nodes) {
  const inside = h("span", { class: "spoiler-text", "aria-hidden": "true" }, nodes);
  const element = h("span", { class: "spoiler" }, inside);
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", t("spoiler"));
  const show = (event) => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    if (element.classList.contains("shown")) return;
    event.preventDefault();
    element.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) element.removeAttribute(name);
    inside.removeAttribute("aria-hidden");
  };
  element.addEventListener("click", show);
  element.addEventListener("keydown", show);
  return element;
}

function expandable(nodes) {
  const quote = h("blockquote", { class: "folded" }, nodes);
  const unfold = h("button", { type: "button", class: "unfold", "aria-expanded": "false" }, "…");
  unfold.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    unfold.setAttribute("aria-expanded", String(!folded));
  });
  quote.append(unfold);
  return quote;
}
