// Stars as people read them: a drawn star and a number, or words.
import { h, icon } from "./dom.js";
import { addStrings, currentLanguage, t } from "./strings.js";

addStrings({
  en: { n_stars: { one: "{shown} Star", other: "{shown} Stars" } },
  ru: { n_stars: { one: "{shown} звезда", few: "{shown} звезды", many: "{shown} звёзд", other: "{shown} звезды" } },
});

/** A number with the spaces or commas of the page's language. */
export const counted = (n) => new Intl.NumberFormat(currentLanguage()).format(n);

/** "12 Stars", for sentences and for screen readers. */
export const inStars = (n) => t("n_stars", { n, shown: counted(n) });

/** A star and a number. */
export function amount(n) {
  return h("span", { class: "stars" }, icon("star"), h("span", { "aria-hidden": "true" }, counted(n)), h("span", { class: "unseen" }, inStars(n)));
}

/** The words of a Pay button: ⭐ and XTR become the star, as in Telegram. */
export function withStars(text) {
  const parts = text.split(/⭐️?|XTR/u);
  return parts.flatMap((part, i) => (i === 0 ? [part] : [icon("star"), part]));
}
