// NeuroPhoto: words become pictures, which arrive while one looks.
import { html, nothing } from "../vendor/lit-html.js";
import * as api from "../api.js";
import * as bridge from "../bridge.js";
import { t } from "../words.js";
import { choices, priced, problem } from "./parts.js";

const ENDED = ["made", "failed"];

export class Neuro {
  constructor(app) {
    this.app = app;
    this.panel = null;
    this.presets = [];
    this.shelf = "";
    this.prompt = "";
    this.error = "";
    this.isBusy = false;
  }

  async open() {
    await this.app.does(this, async () => {
      if (!this.presets.length) this.presets = (await api.ask("GET", "/presets")).items;
      this.panel = await api.ask("GET", "/panel");
    });
  }

  primary() {
    if (!this.panel) return { text: t("page-go-body"), press: () => this.app.go("body") };
    const price = priced(this.panel);
    return {
      text: price ? t("page-make-priced", { price }) : t("page-make"),
      isBusy: this.isBusy,
      isOff: !this.prompt.trim(),
      press: () => this.make(),
    };
  }

  async choose(choice) {
    await this.app.does(this, async () => {
      this.panel = await api.ask("PATCH", "/panel", choice);
    });
  }

  async make() {
    if (this.isBusy || !this.prompt.trim()) return;
    this.isBusy = true;
    const { model_id, shape, count, size, strength } = this.panel;
    await this.app.does(this, async () => {
      await api.order("/generate", { prompt: this.prompt.trim(), model_id, shape, count, size, strength });
      bridge.succeeded();
      await this.app.refresh();
      document.getElementById("results")?.scrollIntoView({ behavior: "smooth" });
    });
    this.isBusy = false;
    this.app.render();
  }

  view() {
    return html`<h1>${t("page-neuro")}</h1>
      ${this.panel ? this.form() : this.again ? nothing : html`<section class="card"><p>${t("page-no-model")}</p></section>`} ${this.panel || this.again ? problem(this) : nothing}
      ${this.results()}`;
  }

  form() {
    const { panel } = this;
    const own = (name, offered, words) => choices(name, t(`page-${name}`), offered.map((value) => ({ value, text: words(value) })), panel[name], (value) => this.choose({ [name]: value }));
    return html`
      <section class="card">
        <p class="hint">${t("page-with-model", { name: panel.model_name })}</p>
        <label class="field" for="prompt">${t("page-prompt")}</label>
        <textarea id="prompt" rows="4" maxlength="900" placeholder=${t("page-prompt-example")} .value=${this.prompt}
          @input=${(event) => ((this.prompt = event.target.value), this.app.render())}></textarea>
        ${this.shelves()}
      </section>
      <section class="card">
        ${own("shape", panel.shapes, (value) => value)} ${own("count", panel.counts, String)}
        ${own("size", panel.sizes, (value) => t(`page-size-${value}`))}
        <details>
          <summary>${t("page-more")}</summary>
          ${own("strength", panel.strengths, String)}
        </details>
      </section>
    `;
  }

  shelves() {
    const shelves = [...new Set(this.presets.map((preset) => preset.category))];
    if (!shelves.length) return nothing;
    const shown = this.presets.filter((preset) => preset.category === this.shelf);
    return html`
      <h2>${t("page-presets")}</h2>
      <div class="shelf">
        ${shelves.map((name) => {
          const picture = this.presets.find((preset) => preset.category === name)?.picture_url;
          return html`<button class="preset" aria-expanded=${name === this.shelf} @click=${() => ((this.shelf = name === this.shelf ? "" : name), this.app.render())}>
            ${picture ? html`<img alt="" width="96" height="72" loading="lazy" src=${api.addressOf(picture)} />` : nothing}<span>${name}</span>
          </button>`;
        })}
      </div>
      ${shown.length
        ? html`<ul class="presets">
            ${shown.map((preset) => html`<li><button class="plain" @click=${() => this.take(preset)}><b>${preset.name}</b> ${preset.description}</button></li>`)}
          </ul>`
        : nothing}
    `;
  }

  async take(preset) {
    this.prompt = preset.prompt;
    this.app.render();
    document.getElementById("prompt").focus();
    await this.choose({ shape: preset.shape });
  }

  results() {
    const shown = this.app.seen.generations.filter((one) => one.pictures.length || one.status !== "made");
    if (!shown.length) return nothing;
    return html`
      <section class="card" id="results" aria-live="polite">
        <h2>${t("page-results")}</h2>
        ${shown.map(
          (one) => html`<article>
            <p class="prompt">${one.prompt}</p>
            ${one.status === "failed" ? html`<p class="problem">${one.message}</p>` : nothing}
            <div class="pictures">
              ${one.pictures.map((picture) => this.app.gallery.thumbnail(picture))}
              ${ENDED.includes(one.status)
                ? nothing
                : Array.from({ length: one.count }, () => html`<div class="picture waiting"><span>${one.queue_position ? t("page-queue", { count: one.queue_position }) : t("page-making")}</span></div>`)}
            </div>
          </article>`,
        )}
        <button class="plain" @click=${() => this.app.go("gallery")}>${t("page-gallery")} →</button>
      </section>
    `;
  }
}
