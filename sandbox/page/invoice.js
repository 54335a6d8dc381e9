// Messages about money: an invoice as a card, payments and refunds as words between the bubbles.
import { amount, inStars } from "./amounts.js";
import { fileUrl } from "./api.js";
import { h } from "./dom.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: {
    paid_words: "You paid {stars} for “{title}”", paid_again: "Subscription to “{title}” renewed for {stars}",
    refund_words: "Refund: {stars} for “{title}”",
    invoice_words: "Invoice: {title}, {stars}",
  },
  ru: {
    paid_words: "Оплата: {stars}, «{title}»", paid_again: "Списание по подписке: {stars}, «{title}»",
    refund_words: "Возврат: {stars}, «{title}»",
    invoice_words: "Счёт: {title}, {stars}",
  },
});

/** What an invoice shows above its Pay button. */
export function invoiceCard(message) {
  const { title, description, total_amount: total } = message.invoice;
  const photo = message.invoice_photo?.at(-1);
  const picture = photo ? h("img", { src: fileUrl(photo.file_id), alt: title, width: photo.width, height: photo.height }) : null;
  return h(
    "div", { class: `card${picture ? " with-photo" : ""}` },
    h("strong", { class: "invoice-title" }, title),
    h("p", { class: "invoice-text", dir: "auto" }, description),
    h("div", { class: "invoice-face" }, picture, h("span", { class: "invoice-price" }, amount(total))),
  );
}

/** The sentence of a message about a payment or a refund; null for any other message. */
export function moneyWords(message) {
  const paid = message.successful_payment;
  const back = message.refunded_payment;
  if (!paid && !back) return null;
  const values = { stars: inStars((paid ?? back).total_amount), title: message.paid_title ?? "" };
  if (back) return t("refund_words", values);
  return t(paid.is_recurring && !paid.is_first_recurring ? "paid_again" : "paid_words", values);
}

/** An invoice in one line, as a quotation. */
export const invoiceLine = ({ title, total_amount: total }) => t("invoice_words", { title, stars: inStars(total) });
