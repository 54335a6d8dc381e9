// Puts the parts together: one store, one stream of events, one redraw.
import { api, follow } from "./api.js";
import { Attach } from "./attach.js";
import { Chat } from "./chat.js";
import { Composer } from "./composer.js";
import { byId, drawIcons } from "./dom.js";
import { copyKey } from "./keyboards.js";
import { alertBox, toast } from "./notices.js";
import { PaySheet } from "./pay.js";
import { Samples } from "./samples.js";
import { Sender } from "./sender.js";
import { drawFrame } from "./shell.js";
import { Store } from "./store.js";
import { currentLanguage, languageOf, setLanguage, t, translateSkeleton } from "./strings.js";
import { Strip } from "./strip.js";
import { Topics } from "./topics.js";
import { Viewer } from "./viewer.js";
import { MiniApp } from "./webapp.js";

const store = new Store();
const sender = new Sender(store);
const viewer = new Viewer(store);
const composer = new Composer(store, sender, () => page.open());
const sheet = new PaySheet(store);
const page = new MiniApp(store, { deepLink, invoice: (slug) => sheet.payLink(slug) });
const chat = new Chat(store, {
  open: (messageId) => viewer.open(messageId),
  press,
  pay: (message) => sheet.open(message),
  page: (from) => page.open(from),
  command: (text) => composer.send(text),
  copy: copyKey,
  edit: (messageId) => composer.edit(messageId),
  deepLink,
  retry: (item) => sender.retry(item),
  discard: (item) => sender.discard(item),
});
const strip = new Strip(store, switchUser);
const topics = new Topics(store);
new Attach(sender);
new Samples(sender);
let stopFollowing = () => {};
let usersLanguage = null; // the language code of the user when the page last followed it

/** A press of an inline button: it waits until the bot answers or half a minute has passed. */
async function press(messageId, row, column) {
  if (store.isPressed(messageId, row, column)) return;
  try {
    const id = await api.click(store.userId, messageId, row, column);
    const place = { messageId, row, column };
    store.addPress(id, place, () => toast(t("silent_button")));
    if (store.answers.has(id)) answer(store.answers.get(id));
  } catch (error) {
    toast(error.message);
  }
}

/** The bot answered a press; only the tab where it was made says so, as Telegram does. */
function answer(event) {
  if (store.takePress(event.id) === null) {
    store.answers.set(event.id, event);
    return;
  }
  if (!event.text) return;
  if (event.show_alert) alertBox(event.text);
  else toast(event.text);
}

/** Take links to invoices (t.me/$slug) and to this very bot (t.me/name?start=payload). */
function deepLink(href) {
  const url = URL.canParse(href) ? new URL(href) : null;
  const name = store.sandbox?.bot.username;
  const invoice = url?.hostname === "t.me" && /^\/(?:\$|%24|invoice\/)([\w-]+)$/.exec(url.pathname);
  if (invoice) {
    sheet.openLink(invoice[1]);
    return true;
  }
  if (url?.hostname !== "t.me" || url.pathname.slice(1) !== name) return false;
  if (url.searchParams.has("startapp")) {
    page.open({ start_param: url.searchParams.get("startapp") });
    return true;
  }
  const payload = url.searchParams.get("start");
  composer.send(payload ? `/start ${payload}` : "/start");
  return true;
}

const EVENTS = {
  message: ({ message }) => {
    if (!message.from?.is_bot) store.settlePending(message);
    store.put(message);
    followBot([message]);
  },
  edited: ({ message }) => {
    store.put(message);
    followBot([message]);
  },
  deleted: ({ message_ids }) => store.remove(message_ids),
  callback_answered: answer,
  checkout: ({ checkout }) => sheet.onCheckout(checkout),
  chat_action: ({ action }) => store.showAction(action),
  commands: () => refreshMenu(),
  state: () => refreshState(),
  call: ({ call }) => strip.calls.add(call),
  reset: () => switchUser(null),
};

let menusAsked = 0;

/** Read again what the menu offers; an answer that is overtaken by a later one is left out. */
async function refreshMenu() {
  menusAsked += 1;
  const asked = menusAsked;
  const menu = await api.commands(store.userId);
  if (asked === menusAsked) store.setMenu(menu);
}

let refreshing = null;

/** Read the sandbox's state again; a burst of changes is read once more at its end. */
async function refreshState() {
  if (refreshing) {
    refreshing.again = true;
    return;
  }
  refreshing = { again: false };
  try {
    store.setSandbox(await api.state());
    await refreshMenu();
    await strip.refresh();
  } finally {
    const { again } = refreshing;
    refreshing = null;
    if (again) setTimeout(() => onEvent({ type: "state" }), 200);
  }
}

/** Events that come while a snapshot is being read: it may be older than they are. */
let held = null;

async function onEvent(event) {
  if (held) {
    held.push(event);
    return;
  }
  try {
    await EVENTS[event.type]?.(event);
  } catch (error) {
    if (error.status !== 0) throw error;
  }
}

/** A whole new picture of the sandbox: at the start and after each reconnection. */
async function snapshot() {
  const user = store.userId;
  const [state, messages, menu] = await Promise.all([api.state(), api.messages(user), api.commands(user)]);
  if (user !== store.userId) return;
  if (state.follow_browser && messages.length === 0 && user === state.users[0].id) {
    await speakAsTheBrowser(state.users[0]);
  }
  store.setSandbox(state);
  store.setMessages(messages);
  followBot(messages);
  store.setMenu(menu);
  store.setOnline(true);
  strip.calls.clear();
  await strip.refresh();
}

/** Show the chat of a user (the first one when the wanted one is not there). */
async function switchUser(wanted) {
  stopFollowing();
  held = null;
  store.forgetChat();
  chat.clear();
  viewer.dialog.close();
  sheet.dialog.close();
  page.close();
  try {
    const state = await api.state();
    const user = state.users.find((u) => u.id === wanted) ?? state.users[0];
    store.userId = user.id;
    store.setSandbox(state);
    remember(user.id);
    stopFollowing = follow(user.id, { up: onUp, down: () => store.setOnline(false), event: onEvent });
  } catch {
    store.setOnline(false);
    setTimeout(() => switchUser(wanted), 1000);
  }
}

async function onUp() {
  const events = [];
  held = events;
  try {
    await snapshot();
  } catch (error) {
    // A server without this user is another server: begin with what it has.
    if (error.status === 404) switchUser(null);
    else store.setOnline(false);
  }
  if (held !== events) return; // another chat, or a newer connection, has taken over
  held = null;
  events.forEach(onEvent);
}

/** The address keeps the user, so that a reload or a second tab shows the same chat. */
function remember(userId) {
  const url = new URL(location.href);
  url.searchParams.set("user", String(userId));
  history.replaceState(null, "", url);
}

/** The first user of a fresh sandbox speaks the language of the browser that opens it. */
async function speakAsTheBrowser(user) {
  const code = navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
  if (user.language_code === code) return;
  await api.changeUser(user.id, { language_code: code });
  user.language_code = code;
}

/** After /language the page speaks as the bot does: the last message that shows a language counts. */
function followBot(messages) {
  const texts = messages.filter((m) => m.from?.is_bot && m.text).map((m) => languageOf(m.text));
  const shown = texts.findLast((code) => code !== null);
  if (shown) speak(shown);
}

function speak(code) {
  const before = currentLanguage();
  setLanguage(code);
  if (currentLanguage() === before) return;
  translateSkeleton();
  chat.clear();
  store.changed();
}

function draw() {
  const code = store.user?.language_code ?? navigator.language;
  if (store.sandbox && code !== usersLanguage) {
    usersLanguage = code;
    setLanguage(code);
    translateSkeleton();
    chat.clear();
  }
  drawFrame(store);
  topics.render();
  chat.render();
  composer.render();
  viewer.refresh();
  sheet.refresh();
  strip.render();
}

store.subscribe(draw);
byId("start").addEventListener("click", () => {
  composer.send("/start");
  byId("field").focus();
});
byId("unblock").addEventListener("click", () =>
  api.changeUser(store.userId, { blocked: false }).catch((error) => toast(error.message)),
);
drawIcons();
setLanguage(navigator.language);
translateSkeleton();
switchUser(Number(new URLSearchParams(location.search).get("user")) || null);
