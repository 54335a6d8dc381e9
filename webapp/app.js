// The page: two screens and a gallery over one live stream.
import { html, nothing, render } from "./vendor/lit-html.js";
import * as api from "./api.js";
import * as bridge from "./bridge.js";
import { Body } from "./screens/body.js";
import { Uploads } from "./upload.js";
import { speak, t } from "./words.js";

const root = document.getElementById("root");

class App {
  constructor() {
    this.isReady = false;
    this.seen = null;
    this.isOffline = false;
    this.uploads = new Uploads(() => this.render());
    this.screens = { body: new Body(this) };
    this.at = "body";
    this.way = [];
  }

  get prices() {
    return this.seen.prices;
  }

  follow() {
    const show = (seen) => this.sees(seen);
    const connected = () => {
      this.isOffline = false;
      this.render();
    };
    return api.live({ show, connected, lost: (error, pauseMs) => this.lost(error, pauseMs) });
  }

  // Says what keeps the page from its stream, and waits; gives whether it is worth another try.
  async lost(error, pauseMs) {
    if (this.isReady || !error) {
      this.isOffline = Boolean(error);
      this.render();
      await api.pauseOrOnline(pauseMs);
      return true;
    }
    await patiently(() => speak(openerLanguage().startsWith("ru") ? "ru" : "en"));
    // Who has not pressed Start yet may do so at any moment, with the page open.
    if (!api.passes(error) && error.code !== "not-met") {
      say(error.code === "no-access" ? t("page-only-inside") : wordsOf(error));
      return false;
    }
    const pressed = new Promise((done) => say(wordsOf(error), done));
    await Promise.race([pressed, api.pauseOrOnline(Math.max(5, error.retryAfterS ?? 0) * 1000)]);
    return true;
  }

  // What can be done at once is shown before the rest is there.
  async start() {
    const wanted = bridge.startParam();
    if (["neuro", "gallery"].includes(wanted)) await this.others().then(() => (this.at = wanted), () => {});
    this.isReady = true;
    this.render();
    this.screens[this.at].open?.();
    // What the page was opened with is not believed for long.
    api.authorization().catch(() => {});
    this.others().catch(() => {});
  }

  // The screens behind the first one.
  async others() {
    if (this.gallery) return;
    const [{ Gallery }, { Neuro }] = await Promise.all([import("./screens/gallery.js"), import("./screens/neuro.js")]);
    if (this.gallery) return;
    this.gallery = new Gallery(this);
    Object.assign(this.screens, { neuro: new Neuro(this), gallery: this.gallery });
  }

  async sees(seen) {
    this.newest = seen;
    await patiently(() => speak(seen.language));
    if (seen !== this.newest) return;
    const hadModel = this.seen?.trainings.filter((one) => one.status === "completed").length;
    this.seen = seen;
    const hasModel = seen.trainings.filter((one) => one.status === "completed").length;
    if (hadModel !== undefined && hasModel > hadModel) {
      bridge.succeeded();
      this.screens.neuro?.open();
    }
    if (this.isReady) this.render();
    else this.started ??= this.start();
  }

  // The stream tells within a second; who has just done something should not wait for it. What was
  // done is done, so it is no failure when this is.
  async refresh() {
    try {
      const [draft, generations] = await Promise.all([api.ask("GET", "/draft"), api.ask("GET", "/generations?limit=6")]);
      this.sees({ ...this.seen, draft, generations: generations.items });
    } catch {
      // The stream tells it.
    }
  }

  async go(name) {
    if (!this.screens[name]) await this.does(this.screens[this.at], () => this.others());
    if (name === this.at || !this.screens[name]) return;
    this.way.push(this.at);
    this.turn(name);
  }

  back() {
    if (this.gallery?.shown) this.gallery.hide();
    else if (this.way.length) this.turn(this.way.pop());
  }

  turn(name) {
    this.at = name;
    scrollTo(0, 0);
    this.render();
    this.screens[name].open?.();
    root.querySelector("h1")?.focus();
  }

  // Does something for a screen, which says what went wrong, and offers it again where that may help.
  async does(screen, work) {
    screen.error = "";
    screen.again = null;
    this.render();
    try {
      await work();
    } catch (error) {
      screen.error = wordsOf(error);
      if (api.passes(error)) screen.again = () => this.does(screen, work);
      if (!(error instanceof api.Problem && error.code === "no-active-model")) bridge.failed();
    }
    this.render();
  }

  sure(question) {
    return new Promise((done) => {
      this.asks = { question, done };
      this.render();
      document.getElementById("asks").showModal();
    });
  }

  answer(isSure) {
    const { done } = this.asks ?? {};
    this.asks = null;
    document.getElementById("asks").close();
    this.render();
    done?.(isSure);
  }

  render() {
    if (!this.seen || !this.isReady) return;
    const screen = this.screens[this.at];
    const shown = this.gallery?.shown;
    const primary = shown ? null : screen.primary();
    bridge.mainButton(primary);
    bridge.backButton(shown || this.way.length ? () => this.back() : null);
    bridge.confirmClosing(this.uploads.isBusy);
    show(
      html`
        <nav aria-label=${t("page-screens")}>
          ${["body", "neuro", "gallery"].map(
            (name) => html`<button aria-current=${name === this.at ? "page" : nothing} @click=${() => this.go(name)}>${t(`page-${name}`)}</button>`,
          )}
        </nav>
        <main>
          ${this.isOffline ? html`<p class="problem" role="status">${t("page-offline")}</p>` : nothing} ${screen.view()}
          ${primary && !bridge.isInside
            ? html`<button class="primary" aria-busy=${Boolean(primary.isBusy)} ?disabled=${primary.isOff || primary.isBusy} @click=${primary.press}>${primary.text}</button>`
            : nothing}
        </main>
        ${this.gallery?.viewer()}
        <dialog id="asks" @cancel=${() => this.answer(false)}>
          <p>${this.asks?.question}</p>
          <div class="row">
            <button class="plain danger" @click=${() => this.answer(true)}>${t("page-yes")}</button>
            <button class="plain" @click=${() => this.answer(false)}>${t("page-no")}</button>
          </div>
        </dialog>
      `,
    );
  }
}

// Until the first time there is what the server sends, so that something is seen at once.
let isFresh = true;
function show(template) {
  if (isFresh) root.replaceChildren();
  isFresh = false;
  render(template, root);
}

function openerLanguage() {
  try {
    const user = JSON.parse(new URLSearchParams(bridge.initData).get("user") ?? "{}");
    return user.language_code ?? navigator.language;
  } catch {
    return navigator.language;
  }
}

function wordsOf(error) {
  if (error instanceof api.Problem && error.message) return error.message;
  if (error.status === 429) return t("page-busy");
  return error.status >= 500 ? t("page-trouble") : t("page-unreachable");
}

function say(words, again) {
  const button = again ? html`<button class="plain" @click=${again}>${t("page-retry")}</button>` : nothing;
  show(html`<main><section class="card"><p role="alert">${words}</p>${button}</section></main>`);
}

// Nothing can be said before the sentences are there.
async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch {
      await api.pauseOrOnline(2000);
    }
  }
}

bridge.begin();
bridge.ready();
if (bridge.initData) new App().follow();
else say(t("page-only-inside"));
