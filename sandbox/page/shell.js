// What surrounds the chat: header, connection banner, start screen.
import { byId } from "./dom.js";
import { knows, t } from "./strings.js";

const UP_MS = 2500;
let wasDown = false;

/** Draw everything around the list of messages from the store. */
export function drawFrame(store) {
  drawHeader(store);
  drawBanner(store);
  const empty = store.loaded && store.messages.size === 0 && store.pending.length === 0;
  byId("welcome").hidden = !empty;
  byId("starting").hidden = !isStarting(store);
  document.body.classList.toggle("empty", empty);
  byId("loading").hidden = store.loaded || store.online === false;
}

/** The bot's process runs, but has not asked Telegram for anything yet. */
const isStarting = (store) => store.sandbox?.bot_running === true && store.sandbox.bot_ready === false;

function drawHeader(store) {
  const bot = store.sandbox?.bot;
  if (bot) {
    byId("bot-name").textContent = bot.first_name;
    byId("avatar").textContent = [...bot.first_name][0] ?? "";
  }
  const [words, kind] = status(store);
  const line = byId("status");
  if (line.textContent !== words) line.textContent = words;
  line.className = kind;
}

function status(store) {
  if (store.online !== true) return [t("connecting"), "busy"];
  if (store.action) {
    const key = `action_${store.action}`;
    return [knows(key) ? t(key) : store.action, "busy"];
  }
  if (isStarting(store)) return [t("bot_starting"), "busy"];
  if (store.sandbox?.bot_running === false) return [t("bot_off"), "off"];
  return [t("bot"), ""];
}

function drawBanner(store) {
  const banner = byId("banner");
  if (store.online === false) {
    wasDown = true;
    banner.hidden = false;
    banner.className = "down";
    banner.textContent = t("down");
  } else if (store.online && wasDown) {
    wasDown = false;
    banner.className = "up";
    banner.textContent = t("up");
    setTimeout(() => {
      banner.hidden = !wasDown;
    }, UP_MS);
  }
}
