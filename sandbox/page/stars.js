// The part of the strip about money: the user's play Stars, what goes wrong with payments, and
// what can still be done to those that were made.
import { counted, inStars } from "./amounts.js";
import { api } from "./api.js";
import { h } from "./dom.js";
import { choice, lasting } from "./faults.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: {
    stars: "Telegram Stars", stars_user: "The user's play Stars", stars_bot: "The bot has {stars}.",
    stars_late_answer: "The bot's answer comes too late", stars_dies: "Approved payments fail",
    stars_twice: "Each payment is confirmed twice", stars_notice: "The bot hears of a payment",
    notice_sent: "at once", notice_twice: "twice", notice_late: "a minute later", notice_lost: "never",
    stars_none: "No payments yet.", stars_refund: "Give back", stars_tell: "Tell the bot",
    stars_refunded: "given back", stars_told: "told {n}×", sub_cancel: "Cancel", sub_restore: "Take up again", sub_renew: "A month passes",
    sub_active: "renews by itself", sub_canceled: "cancelled, still active", sub_canceled_bot: "cancelled by the bot, still active",
    sub_failed: "no Stars for the renewal", sub_ended: "ended",
  },
  ru: {
    stars: "Telegram Stars", stars_user: "Звёзды пользователя (игрушечные)", stars_bot: "На балансе бота: {stars}.",
    stars_late_answer: "Ответ бота опаздывает", stars_dies: "Одобренные платежи срываются",
    stars_twice: "Каждый платёж подтверждается дважды", stars_notice: "Бот узнаёт об оплате",
    notice_sent: "сразу", notice_twice: "дважды", notice_late: "через минуту", notice_lost: "никогда",
    stars_none: "Платежей пока нет.", stars_refund: "Вернуть", stars_tell: "Сообщить боту",
    stars_refunded: "возвращено", stars_told: "сообщено: {n}×", sub_cancel: "Отменить", sub_restore: "Возобновить", sub_renew: "Проходит месяц",
    sub_active: "продлевается сама", sub_canceled: "отменена, пока действует", sub_canceled_bot: "отменена ботом, пока действует",
    sub_failed: "на продление не хватило звёзд", sub_ended: "закончилась",
  },
});

const NOTICES = ["sent", "twice", "late", "lost"];
const SHOWN_PAYMENTS = 5;

/** The group of the strip. `run(change)` makes a change and redraws. */
export function drawStars({ user, stars, telegram, run }) {
  if (!user || !stars) return null;
  const mood = (name) => (isOn) => api.setTelegram({ checkout: isOn ? name : "work" });
  return h(
    "fieldset", {}, h("legend", {}, t("stars")),
    starsField(user, run),
    lasting("stars_late_answer", telegram.checkout === "late_answer", mood("late_answer"), run),
    lasting("stars_dies", telegram.checkout === "dies", mood("dies"), run),
    lasting("stars_twice", telegram.pay_twice, (isOn) => api.setTelegram({ pay_twice: isOn }), run),
    noticeField(telegram.payment_notice, run),
    h("p", {}, t("stars_bot", { stars: inStars(stars.balance) })),
    madePayments(stars.payments, user, run),
    subscriptions(stars.subscriptions, user, run),
  );
}

function starsField(user, run) {
  const input = h("input", { type: "number", id: "stars-have", min: "0", max: "10000000", step: "1", value: user.stars });
  input.addEventListener("change", () => run(() => api.changeUser(user.id, { stars: Math.round(Number(input.value)) })));
  return h("label", { class: "strip-field", for: "stars-have" }, h("span", {}, t("stars_user")), input);
}

function noticeField(now, run) {
  const options = NOTICES.map((name) => [name, t(`notice_${name}`)]);
  return choice("stars_notice", options, now, (name) => run(() => api.setTelegram({ payment_notice: name })));
}

function madePayments(payments, user, run) {
  const own = payments.filter((payment) => payment.user === user.id).slice(-SHOWN_PAYMENTS).reverse();
  if (own.length === 0) return h("p", {}, t("stars_none"));
  return h("ul", { class: "made" }, own.map((payment) => {
    const state = payment.refunded ? t("stars_refunded") : t("stars_told", { n: payment.notices });
    return line(payment, state, [
      small(`tell-${payment.charge_id}`, t("stars_tell"), () => run(() => api.tellPayment(payment.charge_id))),
      payment.refunded ? null : small(`refund-${payment.charge_id}`, t("stars_refund"), () => run(() => api.refundPayment(payment.charge_id))),
    ]);
  }));
}

const SUBSCRIPTION_ACTIONS = { active: ["cancel", "renew"], canceled: ["restore"], failed: ["renew"], ended: [] };

function subscriptions(all, user, run) {
  const own = all.filter((subscription) => subscription.user === user.id);
  if (own.length === 0) return null;
  return h("ul", { class: "made" }, own.map((item) => {
    const actions = item.by_bot && item.state === "canceled" ? [] : SUBSCRIPTION_ACTIONS[item.state];
    const state = t(`sub_${item.state}${item.by_bot && item.state === "canceled" ? "_bot" : ""}`);
    return line(item, state, actions.map((name) =>
      small(`${name}-${item.charge_id}`, t(`sub_${name}`), () => run(() => api.changeSubscription(item.charge_id, name)))));
  }));
}

function line(item, state, buttons) {
  const words = h("span", { class: "made-words" }, h("b", {}, `${item.title}, ⭐ ${counted(item.amount)}`), h("small", {}, state));
  return h("li", {}, words, buttons);
}

function small(id, text, press) {
  return h("button", { type: "button", id, class: "strip-button", on: { click: press } }, text);
}
