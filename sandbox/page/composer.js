// The input field: writing, the commands menu with `/` completion, the reply keyboard.
import { byId, h } from "./dom.js";
import { replyButtons } from "./keyboards.js";
import { replyKeyboard } from "./store.js";
import { t } from "./strings.js";

// On a phone Enter begins a new line, as in Telegram; the arrow sends.
const TOUCH = window.matchMedia("(pointer: coarse)");

/** Owns the form at the bottom of the page. */
export class Composer {
  constructor(store, sender, openPage) {
    this.store = store;
    this.openPage = openPage;
    this.sender = sender;
    this.field = byId("field");
    this.list = byId("commands");
    this.offered = [];
    this.chosen = -1;
    this.menuOpen = false;
    this.keyboardHidden = false;
    this.shownKeyboard = "";
    this.edited = null; // id of the own message whose text is in the field
    this.listen();
  }

  listen() {
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("input", () => this.onInput());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("blur", () => this.openMenu(false));
    byId("page-button").addEventListener("click", () => this.openPage());
    const menu = byId("menu-button");
    // The press must not take the focus from the field: losing it closes the list.
    menu.addEventListener("pointerdown", (event) => event.preventDefault());
    menu.addEventListener("click", () => this.onMenuButton());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    byId("editing-cancel").addEventListener("click", () => this.edit(null));
    byId("keyboard-button").addEventListener("click", () => {
      this.keyboardHidden = !this.keyboardHidden;
      this.renderKeyboard();
    });
  }

  onMenuButton() {
    const open = !this.menuOpen;
    this.field.focus();
    this.openMenu(open);
  }

  openMenu(open) {
    this.menuOpen = open;
    this.complete();
  }

  submit() {
    const text = this.field.value.trim();
    if (text === "") return;
    if (this.edited !== null) {
      this.sender.edit(this.edited, text);
      this.edit(null);
      return;
    }
    this.send(text);
    this.field.value = "";
    this.onInput();
    this.field.focus();
  }

  /** Take an own message into the field to change it; null gives up. */
  edit(messageId) {
    const message = this.store.messages.get(messageId);
    this.edited = message ? messageId : null;
    this.field.value = message ? (message.text ?? message.caption ?? "") : "";
    byId("editing").hidden = !message;
    byId("editing-text").textContent = this.field.value;
    this.onInput();
    this.field.focus();
  }

  /** As in Telegram, Up in an empty field changes the last own message. */
  editLast() {
    const own = this.store.shown.findLast((m) => !m.from?.is_bot && (m.text ?? m.caption));
    if (own) this.edit(own.message_id);
  }

  send(text) {
    this.sender.text(text, this.forcedReply()?.message_id ?? null);
    this.menuOpen = false;
    this.complete();
  }

  onInput() {
    this.menuOpen = false;
    this.complete();
    byId("send").disabled = this.field.value.trim() === "";
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 180)}px`;
  }

  /** Offer the commands that begin as the text does. */
  complete() {
    const typed = /^\/(\w*)$/.exec(this.field.value)?.[1];
    const open = this.menuOpen || typed !== undefined;
    const begin = this.menuOpen ? "" : (typed ?? "");
    this.offered = open ? this.store.commands.filter((c) => c.command.startsWith(begin)) : [];
    this.chosen = this.offered.length > 0 ? 0 : -1;
    this.drawOffers();
  }

  drawOffers() {
    const shown = this.offered.length > 0;
    this.list.hidden = !shown;
    byId("menu-button").setAttribute("aria-expanded", String(shown));
    this.list.replaceChildren(...this.offered.map((offer, i) => this.offer(offer, i)));
    if (shown) this.field.setAttribute("aria-activedescendant", `command-${this.chosen}`);
    else this.field.removeAttribute("aria-activedescendant");
    this.list.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  offer({ command, description }, i) {
    const pick = () => this.pick(i);
    return h(
      "li",
      { id: `command-${i}`, role: "option", "aria-selected": String(i === this.chosen), on: { click: pick } },
      h("b", {}, `/${command}`), h("span", {}, description),
    );
  }

  pick(i) {
    const { command } = this.offered[i];
    this.field.value = "";
    this.onInput();
    this.send(`/${command}`);
  }

  onKey(event) {
    if (event.isComposing) return;
    if (this.offered.length > 0 && this.onListKey(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !TOUCH.matches) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.edited !== null) {
      this.edit(null);
    } else if (event.key === "ArrowUp" && this.field.value === "") {
      event.preventDefault();
      this.editLast();
    }
  }

  /** Keys of the open list; gives true when the key was used. */
  onListKey(event) {
    const count = this.offered.length;
    const typedAll = !this.menuOpen && this.field.value === `/${this.offered[this.chosen].command}`;
    if (event.key === "ArrowDown") this.choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.choose((this.chosen + count - 1) % count);
    else if (event.key === "Tab" && !event.shiftKey && !typedAll) this.fill();
    else if (event.key === "Enter" && !event.shiftKey) this.pick(this.chosen);
    else if (event.key === "Escape") this.dismiss();
    else return false;
    return true;
  }

  choose(i) {
    this.chosen = i;
    this.drawOffers();
  }

  /** Write the chosen command into the field, ready for its arguments. */
  fill() {
    this.field.value = `/${this.offered[this.chosen].command} `;
    this.onInput();
  }

  dismiss() {
    this.menuOpen = false;
    this.offered = [];
    this.drawOffers();
  }

  /** The bot's message that demands a reply and has none yet. */
  forcedReply() {
    const last = this.store.shown.at(-1);
    return last?.from?.is_bot && last.reply_markup?.force_reply ? last : null;
  }

  render() {
    if (this.edited !== null && !this.store.messages.has(this.edited)) this.edit(null);
    const forced = this.forcedReply();
    const markup = replyKeyboard(this.store.shown);
    this.field.placeholder = forced?.reply_markup.input_field_placeholder
      ?? markup?.input_field_placeholder ?? (forced ? t("reply_to") : t("placeholder"));
    const page = this.store.menuButton?.type === "web_app" ? this.store.menuButton.text : null;
    byId("page-button").hidden = page === null;
    byId("page-button").firstElementChild.textContent = page;
    byId("menu-button").hidden = page !== null || this.store.commands.length === 0;
    const commands = JSON.stringify(this.store.commands);
    if (commands !== this.knownCommands) {
      this.knownCommands = commands;
      // They may have come while one was being typed.
      if (document.activeElement === this.field) this.complete();
    }
    const blocked = this.store.user?.blocked === true;
    byId("unblock").hidden = !blocked;
    byId("composer").hidden = blocked;
    this.renderKeyboard(markup);
  }

  renderKeyboard(markup = replyKeyboard(this.store.shown)) {
    const box = byId("reply-keyboard");
    const signature = JSON.stringify(markup);
    if (signature !== this.shownKeyboard) {
      this.shownKeyboard = signature;
      this.keyboardHidden = false;
      box.replaceChildren(...(markup ? replyButtons(markup, (text) => this.onReplyKey(text, markup)) : []));
    }
    box.hidden = !markup || this.keyboardHidden;
    const toggle = byId("keyboard-button");
    toggle.hidden = !markup;
    toggle.setAttribute("aria-expanded", String(!box.hidden));
    toggle.setAttribute("aria-label", box.hidden ? t("show_keyboard") : t("hide_keyboard"));
  }

  onReplyKey(text, markup) {
    this.send(text);
    if (markup.one_time_keyboard) {
      this.keyboardHidden = true;
      this.renderKeyboard(markup);
    }
  }
}
