// The Mini App: a sheet with the bot's page in a frame, which speaks Telegram's events with it
// (core.telegram.org/api/web-events), as web.telegram.org does.
import { api } from "./api.js";
import { byId, h } from "./dom.js";
import { toast } from "./notices.js";
import { addStrings, t } from "./strings.js";
import { AppButtons } from "./webapp_buttons.js";
import { ask } from "./webapp_popup.js";
import { share } from "./webapp_share.js";
import { themeOf } from "./webapp_theme.js";

addStrings({
  en: {
    app_kind: "mini app", app_frame: "Mini App", app_loading: "Loading…", app_back: "Back", app_settings: "Settings",
    app_slow: "The page is slow, or the bot is not running. You can wait, or close it and try again.",
    app_elsewhere: "This demo opens only pages of this machine",
    app_unknown: "The page said something that Telegram does not know: {event}",
    app_leave: "Close the app?", app_unsaved: "Changes that you made may not be saved.", app_close_anyway: "Close anyway",
  },
  ru: {
    app_kind: "мини-приложение", app_frame: "Мини-приложение", app_loading: "Загрузка…", app_back: "Назад", app_settings: "Настройки",
    app_slow: "Страница загружается медленно, или бот не запущен. Можно подождать или закрыть её и попробовать ещё раз.",
    app_elsewhere: "Это демо открывает только страницы с этого компьютера",
    app_unknown: "Страница прислала событие, которого нет в Telegram: {event}",
    app_leave: "Закрыть приложение?", app_unsaved: "Изменения могут не сохраниться.", app_close_anyway: "Закрыть",
  },
});

const VERSION = "9.1";
const SLOW_MS = 10_000; // after this the sheet says that the page shows nothing
const NO_EDGES = { top: 0, bottom: 0, left: 0, right: 0 };
// What a page may do in web.telegram.org; it is of another origin than the chat.
const ALLOWED = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads";
const LOCAL = /^http:\/\/(?:127\.0\.0\.1|localhost)(?::\d+)?\//;

/** Owns the sheet; `links` are `deepLink(url)` and `invoice(slug)`, which gives how that ended. */
export class MiniApp {
  constructor(store, links) {
    this.store = store;
    this.links = links;
    this.dialog = byId("app");
    this.frame = null;
    this.buttons = new AppButtons((event, data) => this.send(event, data));
    this.listen();
  }

  listen() {
    window.addEventListener("message", (event) => this.onMessage(event));
    window.addEventListener("resize", () => this.sendViewport());
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.sendTheme());
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.leave();
    });
    byId("app-close").addEventListener("click", () => this.leave());
    byId("app-back").addEventListener("click", () => this.send("back_button_pressed"));
    byId("app-settings").addEventListener("click", () => this.send("settings_button_pressed"));
  }

  /** Open a page: of the menu button, of a button below a message, or of a link with a parameter. */
  async open(from = {}) {
    try {
      const launch = await api.openWebApp(this.store.userId, from);
      // What the browser would refuse (no frame from elsewhere) is said in words.
      if (LOCAL.test(launch.url)) this.show(launch);
      else toast(t("app_elsewhere"));
    } catch (error) {
      toast(error.message);
    }
  }

  show({ url, init_data: initData }) {
    this.close();
    this.origin = new URL(url).origin;
    this.confirms = false;
    this.buttons.clear();
    for (const id of ["app-back", "app-settings"]) byId(id).hidden = true;
    byId("app-title").textContent = this.store.sandbox?.bot.first_name ?? "";
    const launch = new URLSearchParams({
      tgWebAppData: initData, tgWebAppVersion: VERSION, tgWebAppPlatform: "weba",
      tgWebAppThemeParams: JSON.stringify(themeOf(this.dialog)),
    });
    const startParam = new URLSearchParams(initData).get("start_param");
    if (startParam) launch.set("tgWebAppStartParam", startParam);
    this.setState("loading");
    const title = t("app_frame");
    this.frame = h("iframe", { id: "app-frame", title, sandbox: ALLOWED, allow: "clipboard-write" });
    this.frame.addEventListener("load", () => this.onLoad());
    // Spaces as %20: pages decode the parts of a fragment as those of an address.
    this.frame.src = `${url.split("#")[0]}#${launch.toString().replaceAll("+", "%20")}`;
    byId("app-stage").append(this.frame);
    this.slow = setTimeout(() => this.setState("slow"), SLOW_MS);
    this.dialog.showModal();
    this.frame.focus();
  }

  setState(state) {
    if (state !== "loading") clearTimeout(this.slow);
    this.dialog.dataset.state = state;
    byId("app-wait").textContent = { loading: t("app_loading"), slow: t("app_slow") }[state] ?? "";
  }

  onLoad() {
    if (this.dialog.dataset.state === "loading") this.setState("loaded");
  }

  /** The person closes the sheet; where the page asked for it, that is confirmed first. */
  async leave() {
    if (!this.frame || byId("app-popup").open) return;
    if (!this.confirms) return this.close();
    const buttons = [
      { id: "close", type: "destructive", text: t("app_close_anyway") },
      { id: "", type: "cancel", text: t("cancel") },
    ];
    const { frame } = this;
    const answer = await ask({ title: t("app_leave"), message: t("app_unsaved"), buttons });
    if (answer === "close" && this.frame === frame) this.close();
  }

  close() {
    clearTimeout(this.slow);
    this.frame?.remove();
    this.frame = null;
    if (byId("app-popup").open) byId("app-popup").close("");
    if (this.dialog.open) this.dialog.close();
  }

  send(eventType, eventData) {
    this.frame?.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), this.origin);
  }

  onMessage({ source, origin, data }) {
    if (!this.frame || source !== this.frame.contentWindow || origin !== this.origin) return;
    const event = readEvent(data);
    if (!event) return;
    const { eventType, eventData } = event;
    if (Object.hasOwn(EVENTS, eventType)) EVENTS[eventType](this, eventData ?? {});
    else toast(t("app_unknown", { event: String(eventType).slice(0, 60) }));
  }

  sendTheme() {
    this.send("theme_changed", { theme_params: themeOf(this.dialog) });
  }

  sendViewport() {
    if (!this.frame) return;
    const { width, height } = this.frame.getBoundingClientRect();
    this.send("viewport_changed", { width, height, is_expanded: this.dialog.classList.contains("expanded"), is_state_stable: true });
  }

  async popup(about) {
    const id = await ask({ ...about, buttons: about.buttons ?? [] });
    this.send("popup_closed", id ? { button_id: id } : {});
  }

  async share(id) {
    const error = await share(this.store.userId, id);
    if (error) this.send("prepared_message_failed", { error });
    else this.send("prepared_message_sent");
  }

  async openInvoice(slug) {
    const status = await this.links.invoice(slug);
    this.send("invoice_closed", { slug, status });
  }

  openLink(url) {
    const href = URL.canParse(url) ? new URL(url) : null;
    if (href?.protocol === "https:" || href?.protocol === "http:") window.open(href.href, "_blank", "noopener,noreferrer");
  }

  openTelegramLink(path) {
    this.close();
    this.links.deepLink(`https://t.me${path}`);
  }

  setColor(name, { color, color_key: key }) {
    const wanted = key ? themeOf(this.dialog)[key] : color;
    if (/^#[0-9a-f]{6}$/i.test(wanted ?? "")) this.dialog.style.setProperty(name, wanted);
  }

  haptic({ type, impact_style: style, notification_type: kind }) {
    const name = style ?? kind ?? type ?? "";
    this.dialog.dataset.haptic = name;
    navigator.vibrate?.(name === "error" ? [20, 60, 20] : 12);
  }
}

function readEvent(data) {
  try {
    const event = JSON.parse(data);
    if (typeof event?.eventData === "string" && event.eventData) event.eventData = JSON.parse(event.eventData);
    return typeof event?.eventType === "string" ? event : null;
  } catch {
    return null;
  }
}

const nothing = () => {};
const unsupported = (answer) => (app, { req_id }) => app.send(answer, { req_id, error: "UNSUPPORTED" });

/** What a page may say, by the event's name. Anything else is told as a mistake. */
const EVENTS = {
  iframe_ready: nothing,
  iframe_will_reload: nothing,
  web_app_ready: (app) => app.setState("ready"),
  web_app_close: (app) => app.close(),
  web_app_expand: (app) => {
    app.dialog.classList.add("expanded");
    app.sendViewport();
  },
  web_app_request_theme: (app) => app.sendTheme(),
  web_app_request_viewport: (app) => app.sendViewport(),
  web_app_request_safe_area: (app) => app.send("safe_area_changed", NO_EDGES),
  web_app_request_content_safe_area: (app) => app.send("content_safe_area_changed", NO_EDGES),
  web_app_setup_main_button: (app, about) => app.buttons.set("main", about),
  web_app_setup_secondary_button: (app, about) => app.buttons.set("secondary", about),
  web_app_setup_back_button: (_, about) => {
    byId("app-back").hidden = !about.is_visible;
  },
  web_app_setup_settings_button: (_, about) => {
    byId("app-settings").hidden = !about.is_visible;
  },
  web_app_setup_closing_behavior: (app, about) => {
    app.confirms = about.need_confirmation === true;
  },
  web_app_setup_swipe_behavior: nothing, // the sheet of a browser is not swiped away
  web_app_open_popup: (app, about) => app.popup(about),
  web_app_open_link: (app, about) => app.openLink(about.url),
  web_app_open_tg_link: (app, about) => app.openTelegramLink(String(about.path_full ?? "")),
  web_app_open_invoice: (app, about) => app.openInvoice(String(about.slug ?? "")),
  web_app_trigger_haptic_feedback: (app, about) => app.haptic(about),
  web_app_set_background_color: (app, about) => app.setColor("--app-ground", about),
  web_app_set_header_color: (app, about) => app.setColor("--app-header", about),
  web_app_set_bottom_bar_color: (app, about) => app.setColor("--app-bottom", about),
  web_app_request_fullscreen: unsupported("fullscreen_failed"),
  web_app_exit_fullscreen: nothing,
  web_app_toggle_orientation_lock: nothing,
  web_app_read_text_from_clipboard: (app, { req_id }) => app.send("clipboard_text_received", { req_id, data: null }),
  web_app_invoke_custom_method: unsupported("custom_method_invoked"),
  web_app_send_prepared_message: (app, about) => app.share(String(about.id ?? "")),
  web_app_request_file_download: (app, about) => {
    app.openLink(about.url);
    app.send("file_download_requested", { status: "downloading" });
  },
};

