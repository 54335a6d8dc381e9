// Telegram around the page: its documented web events (core.telegram.org/api/web-events), spoken
// here so that no other host is asked for a script. Without Telegram everything does nothing.

const started = new URLSearchParams(location.hash.slice(1));
const listeners = new Map();

export const initData = started.get("tgWebAppData") ?? "";
export const platform = started.get("tgWebAppPlatform") ?? "";
const version = started.get("tgWebAppVersion") ?? "6.0";

const native = globalThis.TelegramWebviewProxy;
const notify = globalThis.external && "notify" in globalThis.external;
const framed = globalThis.parent !== globalThis;
// The server lets nobody else put the page into a frame.
const host = location.ancestorOrigins?.[0] ?? "https://web.telegram.org";

export const isInside = Boolean(initData) && Boolean(native || notify || framed);

export function startParam() {
  const inside = new URLSearchParams(initData).get("start_param");
  return started.get("tgWebAppStartParam") ?? inside ?? new URLSearchParams(location.search).get("page") ?? "";
}

export function atLeast(wanted) {
  const [major, minor] = version.split(".").map(Number);
  const [wantedMajor, wantedMinor] = wanted.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

export function post(eventType, eventData = {}) {
  if (native) native.postEvent(eventType, JSON.stringify(eventData));
  else if (notify) globalThis.external.notify(JSON.stringify({ eventType, eventData }));
  else if (framed) parent.postMessage(JSON.stringify({ eventType, eventData }), host);
}

export function on(eventType, listener) {
  listeners.set(eventType, listener);
}

function receive(eventType, eventData) {
  listeners.get(eventType)?.(eventData ?? {});
}

// The names by which the apps of phones call into the page.
globalThis.Telegram = { ...globalThis.Telegram, WebView: { receiveEvent: receive } };
globalThis.TelegramGameProxy = { receiveEvent: receive };
globalThis.TelegramGameProxy_receiveEvent = receive;
addEventListener("message", ({ source, data }) => {
  if (!framed || source !== parent || typeof data !== "string") return;
  try {
    const { eventType, eventData } = JSON.parse(data);
    receive(eventType, eventData);
  } catch {
    // Not one of Telegram's.
  }
});

const COLOURS = [
  "bg", "text", "hint", "link", "button", "button_text", "secondary_bg", "section_bg",
  "accent_text", "destructive_text", "section_separator", "subtitle_text",
];

function paint(theme) {
  const style = document.documentElement.style;
  for (const name of COLOURS) {
    const colour = theme?.[`${name}_color`];
    if (/^#[0-9a-f]{6}$/i.test(colour ?? "")) style.setProperty(`--tg-${name.replaceAll("_", "-")}`, colour);
  }
  const ground = theme?.bg_color;
  if (/^#[0-9a-f]{6}$/i.test(ground ?? "")) {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(ground.slice(at, at + 2), 16));
    document.documentElement.style.colorScheme = r * 0.3 + g * 0.6 + b * 0.1 < 128 ? "dark" : "light";
  }
}

function edges(prefix) {
  return (area) => {
    for (const side of ["top", "bottom", "left", "right"])
      if (Number.isFinite(area[side])) document.documentElement.style.setProperty(`--${prefix}-${side}`, `${area[side]}px`);
  };
}

export function begin() {
  try {
    paint(JSON.parse(started.get("tgWebAppThemeParams") ?? "{}"));
  } catch {
    // Without colours of Telegram's the page has its own.
  }
  on("theme_changed", ({ theme_params: theme }) => paint(theme));
  on("safe_area_changed", edges("safe"));
  on("content_safe_area_changed", edges("content-safe"));
  if (framed) post("iframe_ready");
  post("web_app_request_theme");
  if (atLeast("8.0")) {
    post("web_app_request_safe_area");
    post("web_app_request_content_safe_area");
  }
}

export function ready() {
  post("web_app_ready");
  post("web_app_expand");
}

let shownMain = "";
export function mainButton(button) {
  const about = button
    ? { is_visible: true, is_active: !button.isBusy && !button.isOff, is_progress_visible: Boolean(button.isBusy), text: button.text }
    : { is_visible: false };
  on("main_button_pressed", () => button?.press());
  const said = JSON.stringify(about);
  if (said !== shownMain) post("web_app_setup_main_button", about);
  shownMain = said;
}

let hasBack = false;
export function backButton(press) {
  on("back_button_pressed", () => press?.());
  if (hasBack !== Boolean(press)) post("web_app_setup_back_button", { is_visible: Boolean(press) });
  hasBack = Boolean(press);
}

let asksToClose = false;
export function confirmClosing(isNeeded) {
  if (asksToClose !== isNeeded) post("web_app_setup_closing_behavior", { need_confirmation: isNeeded });
  asksToClose = isNeeded;
}
addEventListener("beforeunload", (event) => {
  if (asksToClose && !isInside) event.preventDefault();
});

export const tapped = () => post("web_app_trigger_haptic_feedback", { type: "impact", impact_style: "light" });
export const succeeded = () => post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "success" });
export const failed = () => post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "error" });
export const close = () => post("web_app_close");

export const canShare = isInside && atLeast("8.0");

// Sends a message that the bot has prepared; gives "" or why it was not sent.
export function share(id) {
  return new Promise((done) => {
    on("prepared_message_sent", () => done(""));
    on("prepared_message_failed", ({ error }) => done(error || "UNKNOWN_ERROR"));
    post("web_app_send_prepared_message", { id });
  });
}

export function download(url, name) {
  if (isInside && atLeast("8.0")) post("web_app_request_file_download", { url, file_name: name });
  else if (isInside) post("web_app_open_link", { url });
  else open(url, "_blank", "noopener");
}
