// One bubble: an element that stays for as long as its message lives, made of parts. A part is
// built anew only when what it shows has changed: a button under an edited message keeps the
// focus, a picture does not blink.
import { h, icon } from "./dom.js";
import { formatted } from "./entities.js";
import { invoiceCard, invoiceLine, moneyWords } from "./invoice.js";
import { inlineKeyboard, markPresses } from "./keyboards.js";
import { documentRow, isVisual, mediaSignature, mosaic } from "./media.js";
import { clockTime, t } from "./strings.js";

const PARTS = ["quote", "media", "files", "invoice", "body", "reactions"];

/** The drawn form of a message or an album. */
export class Bubble {
  constructor(key) {
    this.signatures = {};
    this.slots = {};
    for (const name of [...PARTS, "keyboard"]) this.slots[name] = h("div", { class: `part ${name}` });
    this.bubble = h("div", { class: "bubble" }, PARTS.map((name) => this.slots[name]));
    this.element = h("div", { class: "row", role: "article", data: { key } }, this.bubble, this.slots.keyboard);
  }

  /** Make the bubble show `messages` (one, or the members of an album). */
  update(messages, view) {
    const [first] = messages;
    const mine = !first.from?.is_bot;
    const visual = messages.filter(isVisual);
    const files = messages.filter((m) => !isVisual(m) && isFile(m));
    const spoken = messages.find((m) => m.text ?? m.caption) ?? service(first);
    const bare = visual.length > 0 && !spoken.text && !spoken.caption;
    this.element.dataset.id = String(first.message_id);
    const money = moneyWords(first) !== null;
    this.element.classList.toggle("out", mine && !money);
    this.element.classList.toggle("in", !mine && !money);
    this.element.classList.toggle("money", money);
    this.bubble.classList.toggle("bare", bare);
    this.bubble.classList.toggle("with-media", visual.length > 0);
    this.label(mine, first, view);
    this.part("quote", first.reply_to_message ?? null, () => quote(first.reply_to_message, view));
    this.part("media", visual.length ? mediaSignature(visual) : null, () => mosaic(visual, view.open));
    this.part("files", files.length ? mediaSignature(files) : null, () =>
      files.map((message) => documentRow(message, view.open)),
    );
    const bill = first.invoice ? [first.invoice, first.invoice_photo, t("edited")] : null;
    this.part("invoice", bill, () => invoiceCard(first));
    const own = mine ? messages.find((m) => m.text ?? m.caption) : undefined;
    const meta = { date: messages.at(-1).date, edited: messages.some((m) => m.edit_date), tick: mine && view.tick(messages) };
    const words = [spoken.text ?? spoken.caption, spoken.entities ?? spoken.caption_entities];
    const known = visual.length > 0 || files.length > 0 || bill !== null || words[0] !== undefined;
    const edit = own ? () => view.edit(own.message_id) : null;
    this.part("body", [words, meta, known, t("edited")], () => body(words, { ...meta, edit }, known, view));
    const reactions = messages.flatMap((m) => m.reactions ?? []);
    this.part("reactions", reactions.length ? reactions : null, () => reactions.map(reaction));
    const last = messages.find((m) => m.reply_markup?.inline_keyboard);
    const keys = last ? [last.reply_markup.inline_keyboard, last.receipt_message_id, t("edited")] : null;
    this.part("keyboard", keys, () => inlineKeyboard(last, view));
    if (last) markPresses(this.slots.keyboard, last.message_id, view.store);
  }

  label(mine, message, view) {
    const who = mine ? t("you") : (view.store.sandbox?.bot.first_name ?? t("bot"));
    const name = `${who}, ${clockTime(message.date)}`;
    if (this.element.getAttribute("aria-label") !== name) this.element.setAttribute("aria-label", name);
  }

  /** Rebuild a part if its signature changed; `null` empties it. */
  part(name, value, build) {
    const signature = JSON.stringify(value);
    if (this.signatures[name] === signature) return;
    this.signatures[name] = signature;
    const slot = this.slots[name];
    const place = focusPlace(slot);
    const nodes = value === null ? [] : build();
    slot.replaceChildren(...[nodes].flat());
    if (place) slot.querySelector(place)?.focus({ preventScroll: true });
  }
}

/** A message about the chat itself, told in words. */
function service(message) {
  const topic = message.forum_topic_created;
  if (topic) return { ...message, text: t("topic_opened", { name: topic.name }) };
  const money = moneyWords(message);
  if (money) return { ...message, text: money };
  const pinned = message.pinned_message;
  return pinned ? { ...message, text: t("pinned", { text: inWords(pinned) }) } : message;
}

/** A message in one line. */
function inWords(message) {
  if (message.invoice) return invoiceLine(message.invoice);
  return message.text ?? message.caption ?? moneyWords(message) ?? t(message.photo ? "photo" : "file");
}

const reaction = ({ emoji }) => h("span", { class: "reaction" }, emoji ?? "★");

const isFile = (m) => Boolean(m.document ?? m.audio ?? m.voice ?? m.video_note ?? m.sticker);

/** Selector of the focused button inside a keyboard, so that a new keyboard can take the focus. */
function focusPlace(slot) {
  const focused = document.activeElement;
  if (!slot.contains(focused) || focused.dataset.row === undefined) return null;
  return `[data-row="${focused.dataset.row}"][data-column="${focused.dataset.column}"]`;
}

function quote(message, view) {
  const who = message.from?.is_bot ? (view.store.sandbox?.bot.first_name ?? t("bot")) : t("you");
  const go = () => view.goTo(message.message_id);
  return h(
    "button",
    { type: "button", class: "quoted", on: { click: go } },
    h("span", { class: "quoted-who" }, who),
    h("span", { class: "quoted-text" }, inWords(message)),
  );
}

function body([text, entities], meta, known, view) {
  const time = metaLine(meta);
  if (!known) return [h("div", { class: "text unsupported" }, t("unsupported"), time)];
  if (!text) return [time];
  return [h("div", { class: "text", dir: "auto" }, formatted(text, entities, view), time)];
}

const TICKS = { sending: "clock", sent: "tick", read: "ticks", failed: "failed" };

/** "edited 12:34" and the ticks. */
export function metaLine({ date, edited, tick, edit = null }) {
  const change = edit ? h("button", { type: "button", class: "edit", title: t("edit"), "aria-label": t("edit"), on: { click: edit } }, icon("edit")) : null;
  return h(
    "span",
    { class: "meta" },
    change,
    edited ? h("span", { class: "edited" }, t("edited")) : null,
    h("time", { datetime: new Date(date * 1000).toISOString() }, clockTime(date)),
    tick ? h("span", { class: `tick ${tick}`, role: "img", "aria-label": t(tick) }, icon(TICKS[tick])) : null,
  );
}
