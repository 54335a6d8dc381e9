// The page: two screens and a gallery over one live stream.
import { html, nothing, render } from "./vendor/lit-html.js";
import * as api from "./api.js";
import * as bridge from "./bridge.js";
import { Body } from "./screens/body.js";
import { Gallery } from "./screens/gallery.js";
import { Neuro } from "./screens/neuro.js";
import { Uploads } from "./upload.js";
import { speak, t } from "./words.js";

const root = document.getElementById("root");

class App {
  constructor(spoken) {
    this.spoken = spoken;
    this.isReady = this.isLive = false;
    this.seen = null;
    this.prices = null;
    this.isOffline = false;
    this.uploads = new Uploads(() => this.render());
    this.gallery = new Gallery(this);
    this.screens = { body: new Body(this), neuro: new Neuro(this), gallery: this.gallery };
    this.at = "body";
    this.way = [];
    this.isAsked = false;
  }

  // All is asked at once: on a phone far away each question takes its time.
  async start() {
    if (!this.isLive) this.follow();
    const [me, prices] = await Promise.all([api.ask("GET", "/me"), api.ask("GET", "/prices")]);
    this.prices = prices;
    await this.spoken;
    if (me.language !== document.documentElement.lang) await speak(me.language);
    const wanted = bridge.startParam();
    if (wanted in this.screens) this.at = wanted;
    this.isReady = true;
    this.render();
    await this.screens[this.at].open?.();
  }

  follow() {
    this.isLive = true;
    const show = (seen) => this.sees(seen);
    const connected = (isConnected) => {
      this.isOffline = !isConnected;
      this.render();
    };
    api.live(show, connected, () => this.isLive);
  }

  sees(seen) {
    const hadModel = this.seen?.trainings.filter((one) => one.status === "completed").length;
    this.seen = seen;
    const hasModel = seen.trainings.filter((one) => one.status === "completed").length;
    if (hadModel !== undefined && hasModel > hadModel) {
      bridge.succeeded();
      this.screens.neuro.open();
    }
    this.render();
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

  go(name) {
    if (name === this.at) return;
    this.way.push(this.at);
    this.turn(name);
  }

  back() {
    if (this.gallery.shown) this.gallery.hide();
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
    const primary = this.gallery.shown ? null : screen.primary();
    bridge.mainButton(primary);
    bridge.backButton(this.gallery.shown || this.way.length ? () => this.back() : null);
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
        ${this.gallery.viewer()}
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

async function begin() {
  bridge.begin();
  const spoken = patiently(() => speak(openerLanguage().startsWith("ru") ? "ru" : "en"));
  bridge.ready();
  if (!bridge.initData) return spoken.then(() => say(t("page-only-inside")));
  const app = new App(spoken);
  for (;;) {
    try {
      return await app.start();
    } catch (error) {
      await spoken;
      if (!api.passes(error)) app.isLive = false;
      if (error.code === "no-access") return say(t("page-only-inside"));
      if (!api.passes(error)) return say(wordsOf(error));
      const pressed = new Promise((done) => say(wordsOf(error), done));
      await Promise.race([pressed, api.pauseOrOnline(Math.max(5, error.retryAfterS ?? 0) * 1000)]);
    }
  }
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

begin();
