// What can be changed in a picture: in words, or by a tap.
import { html, nothing } from "../vendor/lit-html.js";
import * as api from "../api.js";
import * as bridge from "../bridge.js";
import { t } from "../words.js";
import { priced } from "./parts.js";

export class Changes {
  constructor(gallery) {
    this.gallery = gallery;
    this.close();
  }

  get isOpen() {
    return this.offer !== null;
  }

  close() {
    this.offer = null;
    this.words = "";
  }

  async toggle(picture) {
    if (this.isOpen) this.close();
    else
      await this.gallery.once(async () => {
        this.offer = await api.ask("GET", `/pictures/${picture.id}/changes`);
      });
    this.gallery.app.render();
    document.getElementById("change")?.focus();
  }

  async make(picture, wanted) {
    const { app } = this.gallery;
    await this.gallery.once(async () => {
      await api.order(`/pictures/${picture.id}/change`, wanted);
      bridge.succeeded();
      this.close();
      this.gallery.hide();
      app.go("neuro");
      await app.refresh();
      document.getElementById("results")?.scrollIntoView({ behavior: "smooth" });
    });
  }

  view(picture) {
    if (!this.offer) return nothing;
    const price = priced(this.offer);
    const words = this.words.trim();
    const chip = (change) => html`<button class="chip" @click=${() => this.make(picture, { change: change.id })}>${change.name}</button>`;
    return html`<section id="changes">
      <label class="field" for="change">${t("page-change-what")}</label>
      <textarea id="change" rows="2" maxlength="900" placeholder=${t("page-change-example")} .value=${this.words}
        @input=${(event) => ((this.words = event.target.value), this.gallery.app.render())}></textarea>
      <button class="primary" ?disabled=${!words || this.gallery.isBusy} @click=${() => this.make(picture, { words })}>
        ${price ? t("page-change-priced", { price }) : t("page-change-make")}
      </button>
      ${this.offer.groups.map(({ name, changes }) =>
        changes.length === 1
          ? chip(changes[0])
          : html`<details><summary>${name}</summary><div class="chips">${changes.map(chip)}</div></details>`,
      )}
    </section>`;
  }
}
