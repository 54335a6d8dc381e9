// What the page knows. Every change goes through here and is told to the listeners once a turn.

const ACTION_MS = 5000; // Telegram shows a chat action for five seconds at most.
const PRESS_MS = 30_000; // after this a button stops waiting for the bot

/** State of one chat and of the sandbox around it. */
export class Store {
  constructor() {
    this.listeners = new Set();
    this.scheduled = false;
    this.sandbox = null; // the answer of /sandbox/state
    this.userId = null;
    this.online = null; // null until the first connection succeeds or fails
    this.loaded = false;
    this.forgetChat();
  }

  /** Begin with an empty chat (another user, or a reset). */
  forgetChat() {
    this.messages = new Map();
    this.topic = 0; // the topic that is shown and written to; 0 is the whole chat
    this.removed = new Set(); // ids that must not come back with a late answer
    this.commands = [];
    this.menuButton = null; // Telegram's MenuButton
    this.pending = []; // what this tab is sending: {key, kind, text, files, progress, error…}
    this.action = null;
    this.presses = new Map(); // callback id -> {messageId, row, column}
    this.answers = new Map(); // answers that came before the press got its id
    this.loaded = false;
  }

  get user() {
    return this.sandbox?.users.find((user) => user.id === this.userId) ?? null;
  }

  /** Messages in the order of the chat. */
  get ordered() {
    return [...this.messages.values()].sort((a, b) => a.message_id - b.message_id);
  }

  /** What the chosen topic shows. */
  get shown() {
    return this.topic === 0 ? this.ordered : this.ordered.filter((m) => m.message_thread_id === this.topic);
  }

  /** Topics of the chat, as the messages about them tell. */
  get topics() {
    return this.ordered.filter((m) => m.forum_topic_created)
      .map((m) => ({ id: m.message_thread_id, name: m.forum_topic_created.name }));
  }

  setTopic(id) {
    this.topic = id;
    this.wanted = 0;
    this.changed();
  }

  /** Choose a topic as soon as the message about it is here. */
  wantTopic(id) {
    this.wanted = id;
    if (this.messages.has(id)) this.setTopic(id);
  }

  /** Call `listener` after every change; changes of one turn are told together. */
  subscribe(listener) {
    this.listeners.add(listener);
  }

  changed() {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener(this);
    });
  }

  setSandbox(state) {
    this.sandbox = state;
    this.changed();
  }

  setOnline(online) {
    this.online = online;
    this.changed();
  }

  /** Take the whole chat from a snapshot. */
  setMessages(messages) {
    this.messages = new Map(messages.map((message) => [message.message_id, message]));
    this.loaded = true;
    this.changed();
  }

  setMenu({ commands, menu_button: button }) {
    this.commands = commands ?? [];
    this.menuButton = button ?? null;
    this.changed();
  }

  put(message) {
    this.messages.set(message.message_id, message);
    if (message.from?.is_bot) this.action = null;
    if (message.message_id === this.wanted) this.setTopic(this.wanted);
    this.changed();
  }

  /** A message from the answer to this tab's own request: events may know it better already. */
  putOwn(message) {
    const id = message.message_id;
    if (!this.messages.has(id) && !this.removed.has(id)) this.put(message);
  }

  remove(ids) {
    for (const id of ids) {
      this.messages.delete(id);
      this.removed.add(id);
    }
    this.changed();
  }

  showAction(action) {
    this.action = action;
    clearTimeout(this.actionTimer);
    this.actionTimer = setTimeout(() => {
      this.action = null;
      this.changed();
    }, ACTION_MS);
    this.changed();
  }

  /** Whether the bot has said or done something after this message of the user. */
  isRead(messageId) {
    if (this.action !== null) return true;
    return this.ordered.some((m) => m.from?.is_bot && m.message_id > messageId);
  }

  addPending(item) {
    this.pending.push(item);
    this.changed();
  }

  dropPending(item) {
    this.pending = this.pending.filter((other) => other !== item);
    this.changed();
  }

  /** The server has begun to show what this tab sends: stop showing the tab's own copy. */
  settlePending(message) {
    const kind = message.text === undefined ? "media" : "text";
    const item = this.pending.find(
      (p) => !p.error && p.kind === kind && (kind === "media" || p.text === message.text),
    );
    if (item) this.dropPending(item);
  }

  /** A button begins to wait; `expired` is called when nobody answered it. */
  addPress(id, place, expired) {
    const timer = setTimeout(() => {
      if (this.takePress(id)) expired();
    }, PRESS_MS);
    this.presses.set(id, { ...place, timer });
    this.changed();
  }

  /** The press that this answer belongs to, if it was made in this tab. */
  takePress(id) {
    const press = this.presses.get(id);
    if (!press) return null;
    clearTimeout(press.timer);
    this.presses.delete(id);
    this.changed();
    return press;
  }

  isPressed(messageId, row, column) {
    return [...this.presses.values()].some(
      (p) => p.messageId === messageId && p.row === row && p.column === column,
    );
  }
}

/** Messages grouped as Telegram draws them: an album is one bubble. */
export function groupMessages(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const album = message.media_group_id;
    if (album && last?.album === album) last.messages.push(message);
    else groups.push({ key: `m${message.message_id}`, album, messages: [message] });
  }
  return groups;
}

/** The keyboard under the input field, from the newest message that says something about it. */
export function replyKeyboard(messages) {
  for (const message of [...messages].reverse()) {
    const markup = message.reply_markup;
    if (!message.from?.is_bot || !markup) continue;
    if (markup.keyboard) return { messageId: message.message_id, ...markup };
    if (markup.remove_keyboard || markup.force_reply) return null;
  }
  return null;
}
