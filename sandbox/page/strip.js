// The strip for the curious: time, user, faults, and the calls the bot makes. Folded at first.
import { api } from "./api.js";
import { CallList } from "./calls.js";
import { byId, h } from "./dom.js";
import { drawFaults } from "./faults.js";
import { drawStars } from "./stars.js";
import { toast } from "./notices.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: {
    strip_about: "Simulated here: Telegram's servers, fal.ai with its training and its pictures, and this chat. Real: the bot, its database, and every HTTP request listed below.",
    strip_local: "Nothing leaves this machine, and nothing costs money.",
    clock: "A training takes", clock_instant: "no time", clock_30: "30 s", clock_real: "5 min (real)", clock_other: "now: {n}",
    who: "Pretended user", language: "Their language", add_user: "Add a user", block: "Block the bot",
    unblock_bot: "Unblock the bot", reset: "Start everything over", reset_sure: "Press again to erase the chat",
    guest: "Guest {n}", has_topics: "Topics in the private chat", user_id: "{name} · {id}",
  },
  ru: {
    strip_about: "Имитируются: серверы Telegram, fal.ai с обучением и картинками, и этот чат. Настоящие: бот, его база данных и каждый HTTP-запрос в списке ниже.",
    strip_local: "Ничего не покидает этот компьютер и ничего не стоит.",
    clock: "Обучение занимает", clock_instant: "0 с", clock_30: "30 с", clock_real: "5 мин (настоящее)", clock_other: "сейчас: {n}",
    who: "Пользователь", language: "Его язык", add_user: "Добавить пользователя", block: "Заблокировать бота",
    unblock_bot: "Разблокировать бота", reset: "Начать всё заново", reset_sure: "Нажмите ещё раз, чтобы стереть чат",
    guest: "Гость {n}", has_topics: "Темы в личном чате", user_id: "{name} · {id}",
  },
});

const CLOCKS = [
  ["clock_instant", { mode: "immediate", value: 30 }],
  ["clock_30", { mode: "seconds", value: 30 }],
  ["clock_real", { mode: "seconds", value: 300 }],
];
const LANGUAGES = [["en", "English"], ["ru", "Русский"]];

/** Owns the side panel; `switchUser(id)` makes the page show another user's chat. */
export class Strip {
  constructor(store, switchUser) {
    this.store = store;
    this.switchUser = switchUser;
    this.panel = byId("strip");
    this.toggle = byId("strip-toggle");
    this.calls = new CallList(byId("calls"));
    this.scenario = {};
    this.stars = null;
    this.telegram = {};
    this.drawn = "";
    this.held = false; // a press is under way
    this.toggle.addEventListener("click", () => this.show(this.panel.hidden));
    byId("strip-close").addEventListener("click", () => this.show(false));
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.show(false);
    });
    this.panel.addEventListener("pointerdown", ({ target }) => {
      this.held = !(target instanceof HTMLSelectElement); // its list takes the pointer away
    });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, () => this.letGo());
  }

  /** The click comes right after the button is let go; then what has changed meanwhile is drawn. */
  letGo() {
    if (!this.held) return;
    setTimeout(() => {
      this.held = false;
      this.render();
    });
  }

  show(open) {
    this.panel.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("with-strip", open);
    if (open) {
      this.refresh();
      byId("strip-close").focus();
    } else this.toggle.focus();
  }

  /** Read again what no event carries; only while somebody looks. */
  async refresh() {
    if (this.panel.hidden) return;
    try {
      [this.scenario, this.telegram, this.stars] = await Promise.all([
        api.scenario(), api.telegram(), api.stars(), this.calls.load(),
      ]);
    } catch (error) {
      if (error.status !== 0) toast(error.message);
    }
    this.render();
  }

  render() {
    const { sandbox, userId } = this.store;
    // A button that is replaced between press and release would never be clicked.
    if (this.panel.hidden || this.held || !sandbox) return;
    const drawn = JSON.stringify([sandbox, userId, this.scenario, this.telegram, this.stars, document.documentElement.lang]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = document.activeElement?.id;
    const run = (change) => this.run(change);
    byId("strip-settings").replaceChildren(...[
      h("p", {}, t("strip_about")), h("p", { class: "local" }, t("strip_local")),
      this.clockField(sandbox.clock), this.userFields(sandbox, userId),
      drawFaults({ sandbox, scenario: this.scenario, run }),
      drawStars({ user: this.store.user, stars: this.stars, telegram: this.telegram, run }),
      this.resetButton(),
    ].filter(Boolean));
    // Drawing anew must not throw a keyboard user back to the top of the page.
    if (focused) byId(focused)?.focus();
  }

  /** Make a change through the control plane and show what came of it. */
  async run(change) {
    try {
      await change();
      this.store.setSandbox(await api.state());
      await this.refresh();
    } catch (error) {
      toast(error.message);
    }
  }

  clockField(clock) {
    const same = (c) => c.mode === clock.mode && (c.mode === "immediate" || c.value === clock.value);
    const other = CLOCKS.some(([, value]) => same(value)) ? [] : [["clock_other", clock]];
    const options = [...CLOCKS, ...other].map(([key, value]) =>
      radio("clock", key, t(key, { n: clock.value }), same(value), () => this.run(() => api.setClock(value))),
    );
    return h("fieldset", {}, h("legend", {}, t("clock")), h("div", { class: "segments" }, options));
  }

  userFields(sandbox, userId) {
    const user = this.store.user;
    const select = h("select", { id: "strip-user" }, sandbox.users.map((u) =>
      h("option", { value: u.id, selected: u.id === userId }, t("user_id", { name: u.first_name, id: u.id })),
    ));
    select.addEventListener("change", () => this.switchUser(Number(select.value)));
    const languages = LANGUAGES.map(([code, name]) =>
      radio("language", `language-${code}`, name, user?.language_code?.startsWith(code),
        () => this.run(() => api.changeUser(userId, { language_code: code }))),
    );
    return h(
      "div", { class: "strip-group" },
      h("label", { for: "strip-user" }, t("who")), select,
      h("div", { class: "strip-buttons" },
        button("add-user", t("add_user"), () => this.addUser(sandbox)),
        button("block-user", user?.blocked ? t("unblock_bot") : t("block"),
          () => this.run(() => api.changeUser(userId, { blocked: !user?.blocked })))),
      h("fieldset", {}, h("legend", {}, t("language")), h("div", { class: "segments" }, languages)),
      this.topicsSwitch(sandbox),
    );
  }

  topicsSwitch({ topics }) {
    const input = h("input", { type: "checkbox", role: "switch", id: "has-topics", checked: Boolean(topics) });
    input.addEventListener("change", () => this.run(() => api.setTopics(input.checked)));
    return h("label", { class: "switch" }, input, h("span", {}, t("has_topics")));
  }

  addUser(sandbox) {
    const guest = { first_name: t("guest", { n: sandbox.users.length + 1 }), language_code: this.store.user?.language_code ?? "en" };
    this.run(async () => {
      const user = await api.createUser(guest);
      this.store.setSandbox(await api.state());
      this.switchUser(user.id);
    });
  }

  resetButton() {
    // Two presses instead of a dialog: the chat is the only thing lost, but all of it is.
    let sure = false;
    const reset = button("reset", t("reset"), () => {
      if (sure) this.run(() => api.reset());
      sure = true;
      reset.textContent = t("reset_sure");
    });
    reset.classList.add("danger");
    reset.addEventListener("blur", () => {
      sure = false;
      reset.textContent = t("reset");
    });
    return reset;
  }
}

/** A plain button of the strip; ids let the focus survive a new drawing. */
export function button(id, text, press) {
  return h("button", { type: "button", id, class: "strip-button", on: { click: press } }, text);
}

function radio(name, id, text, checked, choose) {
  const input = h("input", { type: "radio", name, id, checked: Boolean(checked), on: { change: choose } });
  return h("label", {}, input, h("span", {}, text));
}
