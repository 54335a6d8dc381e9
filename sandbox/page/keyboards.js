// Buttons: under a message (inline) and under the input field (reply keyboard).
import { withStars } from "./amounts.js";
import { copyText, h, icon } from "./dom.js";
import { safeUrl } from "./entities.js";
import { t } from "./strings.js";
import { toast } from "./notices.js";

/**
 * The inline keyboard of a message. `press(messageId, row, column)` sends the click to the bot;
 * `deepLink(url)` gives true when the page takes a link itself, `pay(message)` opens an invoice.
 */
export function inlineKeyboard(message, actions) {
  const rows = message.reply_markup.inline_keyboard.map((row, r) =>
    h("div", { class: "keys" }, row.map((button, c) => key(message, button, r, c, actions))),
  );
  return h("div", { class: "inline-keyboard", role: "group", "aria-label": t("commands") }, rows);
}

function key(message, button, row, column, actions) {
  const style = button.style ? ` key-${button.style}` : "";
  const place = { row, column };
  if (button.url) return urlKey(button, style, place, actions);
  const press = () => {
    if (button.callback_data !== undefined) actions.press(message.message_id, row, column);
    else if (button.pay) actions.pay(message);
    else if (button.copy_text) copyKey(button.copy_text.text);
    else if (button.web_app) actions.page({ message_id: message.message_id, row, column });
    else toast(t("not_imitated"));
  };
  const corner = button.copy_text ? icon("copy") : button.web_app ? icon("page") : h("span", { class: "spinner", "aria-hidden": "true" });
  return h(
    "button",
    { type: "button", class: `key${style}`, data: place, on: { click: press } },
    h("span", { class: "key-text" }, words(message, button)), corner,
  );
}

/** A paid invoice shows its receipt, whatever its Pay button said. */
function words(message, button) {
  if (!button.pay) return button.text;
  return message.receipt_message_id ? t("pay_receipt") : withStars(button.text);
}

function urlKey(button, style, place, actions) {
  const href = safeUrl(button.url);
  const open = (event) => {
    if (actions.deepLink(href ?? "")) event.preventDefault();
  };
  return h(
    "a",
    {
      class: `key${style}`, href, target: "_blank", rel: "noopener noreferrer",
      data: place, on: { click: open },
    },
    h("span", { class: "key-text" }, button.text), icon("link"),
  );
}

/** Copy and say so. */
export async function copyKey(text) {
  toast((await copyText(text)) ? t("copied") : t("not_copied"));
}

/** Show on each button of `root` whether it still waits for the bot. */
export function markPresses(root, messageId, store) {
  for (const button of root.querySelectorAll("button.key")) {
    const waiting = store.isPressed(messageId, Number(button.dataset.row), Number(button.dataset.column));
    button.classList.toggle("waiting", waiting);
    if (waiting) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

/** The keyboard under the input field; `send(text)` writes what the pressed button says. */
export function replyButtons(markup, send) {
  const rows = markup.keyboard.map((row) =>
    h("div", { class: "keys" }, row.map((button) => replyKey(button, send))),
  );
  return rows;
}

function replyKey(button, send) {
  const text = typeof button === "string" ? button : button.text;
  const plain = typeof button === "string" || Object.keys(button).every((k) => k === "text" || k === "style");
  const press = () => (plain ? send(text) : toast(t("not_imitated")));
  return h("button", { type: "button", class: "key", on: { click: press } }, text);
}
