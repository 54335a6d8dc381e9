// Words of the page that come and go: toasts and alerts.
import { byId, h } from "./dom.js";
import { t } from "./strings.js";

const TOAST_MS = 4000;

/** A short notice that goes away by itself; screen readers read it politely. */
export function toast(text) {
  const place = byId("toasts");
  const note = h("div", { class: "toast" }, text);
  // Shown anew each time: the newest layer is the only one above an open dialog.
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
  place.replaceChildren(note);
  setTimeout(() => {
    note.remove();
    if (place.childElementCount === 0 && place.matches(":popover-open")) place.hidePopover();
  }, TOAST_MS);
}

/** A notice that stays until it is closed, as an answer with `show_alert`. */
export function alertBox(text) {
  const dialog = byId("alert");
  byId("alert-text").textContent = text;
  byId("alert-ok").textContent = t("ok");
  if (!dialog.open) dialog.showModal();
}
