// The sheet on which a person confirms a payment in Stars, and what becomes of it.
import { amount, counted, inStars } from "./amounts.js";
import { api } from "./api.js";
import { byId, h, icon } from "./dom.js";
import { toast } from "./notices.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: {
    pay_title: "Confirm your purchase", pay_subscribe_title: "Subscribe",
    pay_question: "Buy “{title}” from {bot} for {stars}?",
    pay_subscribe: "Subscribe to “{title}” from {bot} for {stars} a month?",
    pay_confirm: "Confirm and pay", pay_confirm_month: "Subscribe", pay_balance: "Balance",
    pay_waiting: "Asking the bot…", pay_done: "Payment completed", pay_done_text: "{stars} went to {bot}.",
    pay_refused: "The bot refused the payment", pay_timed_out: "The bot did not answer in time",
    pay_failed: "The payment failed", pay_nothing: "Nothing was charged.",
    pay_no_stars: "Not enough Stars", pay_missing: "You have {have} and need {missing} more.",
    pay_get: "Get {stars} more", pay_receipt: "Receipt", pay_play: "These are play Stars: they cost nothing.",
    pay_close: "Close",
  },
  ru: {
    pay_title: "Подтверждение покупки", pay_subscribe_title: "Подписка",
    pay_question: "Купить «{title}» у бота {bot}? Цена: {stars}.",
    pay_subscribe: "Оформить подписку «{title}» у бота {bot}? Цена: {stars} в месяц.",
    pay_confirm: "Подтвердить и оплатить", pay_confirm_month: "Подписаться", pay_balance: "Баланс",
    pay_waiting: "Спрашиваем бота…", pay_done: "Оплата прошла", pay_done_text: "Бот {bot} получил оплату: {stars}.",
    pay_refused: "Бот отклонил оплату", pay_timed_out: "Бот не ответил вовремя",
    pay_failed: "Оплата не прошла", pay_nothing: "Звёзды не списаны.",
    pay_no_stars: "Не хватает звёзд", pay_missing: "На балансе {have}, не хватает: {missing}.",
    pay_get: "Взять ещё: {stars}", pay_receipt: "Чек", pay_play: "Звёзды здесь игрушечные и ничего не стоят.",
    pay_close: "Закрыть",
  },
});

const OVERDUE_MS = 11_000; // a bot has ten seconds; then the answer is fetched once more
const PLAY_STARS = 1000;

/** Owns the sheet: an offer, a wait, a result. */
export class PaySheet {
  constructor(store) {
    this.store = store;
    this.dialog = byId("pay");
    this.view = null; // what is shown: {offer, step, checkout, receipt}
    this.ended = new Map(); // checkouts that ended, by id: the news may come before the answer
    this.waiting = null;
    byId("pay-close").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.view = null;
      this.waiting = null;
    });
  }

  /** Open the invoice of a message, or the receipt when it is paid. */
  open(message) {
    const { invoice } = message;
    if (!invoice) return;
    const offer = { ...invoice, photo: message.invoice_photo, how: { message_id: message.message_id } };
    this.show(offer, message.receipt_message_id ? "receipt" : "offer");
  }

  /** Open an invoice link by its slug. */
  async openLink(slug) {
    try {
      const invoice = await api.invoice(slug);
      this.show({ ...invoice, month: invoice.subscription_period > 0, how: { link: slug } }, "offer");
    } catch (error) {
      toast(error.message);
    }
  }

  /** Open an invoice link for a Mini App; gives how that ended once the sheet is closed. */
  async payLink(slug) {
    await this.openLink(slug);
    if (!this.dialog.open) return "failed";
    return new Promise((resolve) => {
      const end = () => resolve({ paid: "paid", failed: "failed" }[this.dialog.dataset.step] ?? "cancelled");
      this.dialog.addEventListener("close", end, { once: true });
    });
  }

  show(offer, step) {
    this.view = { offer, step, checkout: null };
    if (!this.dialog.open) this.dialog.showModal();
    this.draw();
  }

  async confirm() {
    const { view } = this;
    view.step = "waiting";
    this.draw();
    try {
      const [checkout] = await api.pay(this.store.userId, view.offer.how);
      this.waiting = checkout.id;
      this.finish(checkout.state === "waiting" ? this.ended.get(checkout.id) : checkout, view);
      if (this.waiting) setTimeout(() => this.ask(checkout.id, view), OVERDUE_MS);
    } catch (error) {
      if (this.view !== view) return;
      view.step = "offer";
      this.draw();
      toast(error.message);
    }
  }

  /** The event may have been lost with the connection. */
  async ask(id, view) {
    if (this.waiting !== id) return;
    this.finish(await api.checkout(id).catch(() => null), view);
  }

  /** Telegram said how a payment ended. */
  onCheckout(checkout) {
    this.ended.set(checkout.id, checkout);
    if (checkout.id === this.waiting) this.finish(checkout, this.view);
  }

  finish(checkout, view) {
    if (!checkout || checkout.state === "waiting" || this.view !== view) return;
    this.waiting = null;
    view.step = checkout.state;
    view.checkout = checkout;
    this.draw();
  }

  /** Draw again when the balance or the language has changed. */
  refresh() {
    if (this.view && this.view.step !== "waiting") this.draw();
  }

  draw() {
    const { offer, step } = this.view;
    const have = this.store.user?.stars ?? 0;
    const drawn = JSON.stringify([offer.how, step, this.view.checkout, have, document.documentElement.lang]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    byId("pay-balance").replaceChildren(h("span", {}, t("pay_balance")), amount(have));
    byId("pay-title").textContent = this.title();
    byId("pay-body").replaceChildren(...this.body(have));
    byId("pay-actions").replaceChildren(...this.actions(have));
    this.dialog.dataset.step = step;
    byId("pay-actions").querySelector("button:not(:disabled)")?.focus();
  }

  title() {
    const { offer, step } = this.view;
    if (step === "offer" || step === "waiting") return t(offer.month ? "pay_subscribe_title" : "pay_title");
    return t({ paid: "pay_done", receipt: "pay_receipt" }[step] ?? `pay_${step}`);
  }

  body(have) {
    const { offer, step, checkout } = this.view;
    const values = { title: offer.title, bot: this.store.sandbox?.bot.first_name ?? "", stars: inStars(offer.total_amount) };
    const words = (text) => h("p", { dir: "auto" }, text);
    switch (step) {
      case "paid": return [words(t("pay_done_text", values))];
      case "receipt": return [words(offer.title), h("p", { class: "pay-text" }, offer.description), amount(offer.total_amount)];
      case "refused": return [words(checkout.error), words(t("pay_nothing"))];
      case "no_stars": return [words(t("pay_missing", { have: inStars(have), missing: counted(Math.max(offer.total_amount - have, 0)) })), words(t("pay_play"))];
      case "timed_out": case "failed": return [words(t("pay_nothing"))];
      default: return [
        words(t(offer.month ? "pay_subscribe" : "pay_question", values)),
        h("p", { class: "pay-text", dir: "auto" }, offer.description),
      ];
    }
  }

  actions(have) {
    const { offer, step } = this.view;
    if (step === "offer") {
      const label = t(offer.month ? "pay_confirm_month" : "pay_confirm");
      return [action("pay-confirm", [label, amount(offer.total_amount)], () => this.confirm())];
    }
    if (step === "waiting") {
      return [h("p", { class: "pay-wait", role: "status" }, h("span", { class: "pay-spinner", "aria-hidden": "true" }), t("pay_waiting"))];
    }
    if (step === "no_stars") {
      const more = Math.max(PLAY_STARS, offer.total_amount - have);
      return [action("pay-more", [icon("star"), t("pay_get", { stars: inStars(more) })], () => this.getMore(have + more))];
    }
    return [action("pay-ok", [t("pay_close")], () => this.dialog.close())];
  }

  async getMore(stars) {
    try {
      await api.changeUser(this.store.userId, { stars });
      this.store.setSandbox(await api.state());
      if (this.view) this.show(this.view.offer, "offer");
    } catch (error) {
      toast(error.message);
    }
  }
}

function action(id, content, press) {
  return h("button", { type: "button", id, class: "primary", on: { click: press } }, content);
}
