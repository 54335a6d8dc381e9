// The popup that a Mini App can show, and that asks before the sheet is closed.
import { byId, h } from "./dom.js";
import { t } from "./strings.js";

const MOST_BUTTONS = 3; // core.telegram.org/bots/webapps#popupparams
const OWN_WORDS = { ok: "ok", close: "close", cancel: "cancel" };

/** Show it and wait; gives the id of the button that was pressed, "" for any other end. */
export function ask({ title, message, buttons }) {
  const dialog = byId("app-popup");
  if (dialog.open) return Promise.resolve("");
  byId("app-popup-title").textContent = title ?? "";
  byId("app-popup-title").hidden = !title;
  byId("app-popup-text").textContent = message ?? "";
  const offered = buttons.length > 0 ? buttons : [{ id: "", type: "close" }];
  byId("app-popup-actions").replaceChildren(...offered.slice(0, MOST_BUTTONS).map((one) => button(dialog, one)));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

function button(dialog, { id, type, text }) {
  const words = OWN_WORDS[type] && !text ? t(OWN_WORDS[type]) : (text ?? "");
  const press = () => dialog.close(String(id ?? ""));
  return h("button", { type: "button", class: `popup-button popup-${type ?? "default"}`, on: { click: press } }, words);
}
