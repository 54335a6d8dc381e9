// The list of bubbles: keyed by message, in order, and steady under the reader's eyes.
import { byId, h } from "./dom.js";
import { pendingBubble } from "./pending.js";
import { Bubble } from "./render.js";
import { groupMessages } from "./store.js";
import { dayName, t } from "./strings.js";

const NEAR_BOTTOM_PX = 80;

/** Draws the store's messages into #log and minds the scrolling of #scroll. */
export class Chat {
  /** `view` is what bubbles need: open, press, command, copy, deepLink, retry, discard. */
  constructor(store, view) {
    this.store = store;
    this.view = { ...view, store, tick: (m) => this.tick(m), goTo: (id) => this.goTo(id) };
    this.log = byId("log");
    this.scroller = byId("scroll");
    this.jump = byId("jump");
    this.bubbles = new Map();
    this.pendingNodes = new Map();
    this.pinned = true;
    this.lastTop = 0;
    this.newest = 0;
    this.unread = 0;
    this.scroller.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.jump.addEventListener("click", () => this.toBottom(true));
    const keepPinned = new ResizeObserver(() => this.pinned && this.toBottom());
    keepPinned.observe(this.log);
    keepPinned.observe(this.scroller);
  }

  /** Forget everything drawn (another user, another language). */
  clear() {
    this.bubbles.clear();
    this.pendingNodes.clear();
    this.log.replaceChildren();
    this.pinned = true;
    this.newest = 0;
    this.unread = 0;
  }

  render() {
    const ordered = this.store.shown;
    const groups = groupMessages(ordered);
    this.log.setAttribute("aria-busy", String(!this.store.loaded));
    // Whoever writes wants to see it, wherever they were reading.
    if (this.store.pending.some((item) => !this.pendingNodes.has(item))) this.pinned = true;
    this.countUnread(ordered);
    const wanted = [];
    let day = "";
    groups.forEach((group, i) => {
      const name = dayName(group.messages[0].date);
      if (name !== day) wanted.push(this.separator(name));
      day = name;
      const next = groups[i + 1];
      wanted.push(this.row(group, next, name));
    });
    this.forget(new Set(groups.map((group) => group.key)));
    this.arrange([...wanted, ...this.pendingRows()]);
    if (this.pinned) this.toBottom();
    this.showJump();
  }

  row(group, next, day) {
    let bubble = this.bubbles.get(group.key);
    if (!bubble) {
      bubble = new Bubble(group.key);
      this.bubbles.set(group.key, bubble);
    }
    bubble.update(group.messages, this.view);
    const same = next && dayName(next.messages[0].date) === day
      && Boolean(next.messages[0].from?.is_bot) === Boolean(group.messages[0].from?.is_bot);
    bubble.element.classList.toggle("last", !same);
    return bubble.element;
  }

  separator(name) {
    const key = `day ${name}`;
    if (!this.bubbles.has(key)) {
      this.bubbles.set(key, { element: h("div", { class: "day" }, h("span", {}, name)) });
    }
    return this.bubbles.get(key).element;
  }

  forget(keys) {
    for (const key of this.bubbles.keys()) {
      if (!keys.has(key) && !key.startsWith("day ")) this.bubbles.delete(key);
    }
  }

  pendingRows() {
    const nodes = new Map();
    for (const item of this.store.pending) {
      const old = this.pendingNodes.get(item);
      const fresh = old && old.error === item.error ? old : { error: item.error, node: pendingBubble(item, this.view) };
      nodes.set(item, fresh);
    }
    this.pendingNodes = nodes;
    return [...nodes.values()].map(({ node }) => node);
  }

  /** Make the children of the log exactly `wanted`, moving as little as possible. */
  arrange(wanted) {
    const keep = new Set(wanted);
    for (const child of [...this.log.children]) if (!keep.has(child)) child.remove();
    wanted.forEach((node, i) => {
      const there = this.log.children[i];
      if (there !== node) this.log.insertBefore(node, there ?? null);
    });
  }

  tick(messages) {
    return this.store.isRead(messages.at(-1).message_id) ? "read" : "sent";
  }

  countUnread(ordered) {
    const newest = ordered.at(-1)?.message_id ?? 0;
    const fresh = ordered.filter((m) => m.message_id > this.newest);
    if (this.newest > 0 && !this.pinned) this.unread += fresh.filter((m) => m.from?.is_bot).length;
    this.newest = Math.max(newest, this.newest);
  }

  onScroll() {
    const { scrollTop, clientHeight, scrollHeight } = this.scroller;
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM_PX;
    // Only a movement upwards is the reader's wish to stay: content also grows by itself.
    if (near) this.pinned = true;
    else if (scrollTop < this.lastTop) this.pinned = false;
    this.lastTop = scrollTop;
    if (this.pinned) this.unread = 0;
    this.showJump();
  }

  showJump() {
    this.jump.hidden = this.pinned;
    byId("jump-count").textContent = this.unread > 0 ? String(this.unread) : "";
    const name = this.unread > 0 ? `${t("to_bottom")}, ${t("unread", { n: this.unread })}` : t("to_bottom");
    this.jump.setAttribute("aria-label", name);
  }

  toBottom(smooth = false) {
    this.pinned = true;
    this.unread = 0;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.showJump();
  }

  /** Scroll to a quoted message and light it up for a moment. */
  goTo(messageId) {
    const row = this.log.querySelector(`[data-id="${CSS.escape(String(messageId))}"]`);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: "smooth" });
    row.classList.add("flash");
    setTimeout(() => row.classList.remove("flash"), 1200);
  }
}
