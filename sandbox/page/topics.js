// Topics of the private chat: a row of tabs, there while the sandbox's Telegram has topics.
import { api } from "./api.js";
import { byId, h } from "./dom.js";
import { toast } from "./notices.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: { topics: "Topics", topic_all: "All", topic_new: "New topic", topic_n: "Topic {n}", topic_opened: "Topic opened: {name}" },
  ru: { topics: "Темы", topic_all: "Все", topic_new: "Новая тема", topic_n: "Тема {n}", topic_opened: "Открыта тема: {name}" },
});

/** Owns the row of tabs; the chosen one rules what the chat shows and where messages go. */
export class Topics {
  constructor(store) {
    this.store = store;
    this.bar = byId("topics");
    this.drawn = "";
  }

  render() {
    const { store } = this;
    const on = store.sandbox?.topics === true;
    const topics = on ? store.topics : [];
    if (store.topic !== 0 && !topics.some(({ id }) => id === store.topic)) store.setTopic(0);
    const drawn = JSON.stringify([on, topics, store.topic, document.documentElement.lang]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = document.activeElement?.id;
    this.bar.hidden = !on;
    this.bar.replaceChildren(
      ...[{ id: 0, name: t("topic_all") }, ...topics].map((topic) => this.tab(topic)),
      h("button", { type: "button", id: "new-topic", on: { click: () => this.open() } }, `+ ${t("topic_new")}`),
    );
    // Drawing anew must not throw a keyboard user back to the top of the page.
    if (focused) byId(focused)?.focus();
  }

  tab({ id, name }) {
    const pressed = String(id === this.store.topic);
    const choose = () => this.store.setTopic(id);
    return h("button", { type: "button", id: `topic-${id}`, "aria-pressed": pressed, on: { click: choose } }, name);
  }

  async open() {
    try {
      const name = t("topic_n", { n: this.store.topics.length + 1 });
      const id = await api.openTopic(this.store.userId, name);
      this.store.wantTopic(id);
    } catch (error) {
      toast(error.message);
    }
  }
}
