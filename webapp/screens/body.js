// Digital Body: photos become a model.
import { html, nothing } from "../vendor/lit-html.js";
import * as api from "../api.js";
import * as bridge from "../bridge.js";
import { t } from "../words.js";
import { choices, copyable, minutes, priced, problem } from "./parts.js";

const ENDED = ["completed", "failed", "cancelled"];

export class Body {
  constructor(app) {
    this.app = app;
    this.isAnother = false;
    this.error = "";
    this.isBusy = false;
    this.replaces = null;
    this.typed = null;
  }

  get draft() {
    return this.app.seen.draft;
  }

  get training() {
    const [newest] = this.app.seen.trainings;
    if (!newest || this.draft.is_begun || this.isAnother) return null;
    return newest;
  }

  primary() {
    if (this.training) {
      const { status } = this.training;
      if (status === "completed") return { text: t("page-go-neuro"), press: () => this.app.go("neuro") };
      if (ENDED.includes(status)) return { text: t("page-train-again"), press: () => this.another() };
      return null;
    }
    if (!this.draft.is_begun) return null;
    const price = priced(this.mode());
    return {
      text: price ? t("page-train-priced", { price }) : t("page-train"),
      isBusy: this.isBusy,
      isOff: !this.isComplete,
      press: () => this.train(),
    };
  }

  get isComplete() {
    const { accepted, least, photos, model_name: name, gender } = this.draft;
    const isChecking = this.app.uploads.isBusy || photos.some((photo) => photo.status === "pending");
    return accepted >= least && !isChecking && Boolean(name) && Boolean(gender);
  }

  another() {
    this.isAnother = true;
    this.app.render();
  }

  trainer() {
    const { trainers } = this.app.prices;
    return trainers.find((one) => one.trainer === this.draft.trainer) ?? trainers[0];
  }

  mode() {
    const { modes } = this.trainer();
    return modes.find((one) => one.mode === (this.draft.mode ?? "standard")) ?? modes[0];
  }

  async choose(choice) {
    await this.app.does(this, async () => {
      this.app.seen.draft = await api.ask("PATCH", "/draft", choice);
      // What is typed meanwhile stays.
      if (this.typed === choice.model_name) this.typed = null;
    });
  }

  async train() {
    if (this.isBusy || !this.isComplete) return;
    this.isBusy = true;
    const { model_name, gender, photos } = this.draft;
    const photo_ids = photos.filter((photo) => photo.status === "accepted").map((photo) => photo.photo_id);
    await this.app.does(this, async () => {
      const order = { model_name, gender, photo_ids, mode: this.mode().mode, trainer: this.trainer().trainer, consent: true };
      const { model_id, trigger_word } = await api.order("/train", order);
      bridge.succeeded();
      this.isAnother = false;
      // Until the stream tells of it.
      const begun = { model_id, model_name, trigger_word, status: "preparing", progress: 0, queue_position: null, seconds_left: null, is_stopping: false, message: null };
      this.app.seen.trainings = [begun, ...this.app.seen.trainings];
      await this.app.refresh();
      this.app.uploads.clear();
    });
    this.isBusy = false;
    this.app.render();
  }

  view() {
    return html`
      <h1>${t("page-body")}</h1>
      ${this.training ? this.progress(this.training) : this.form()} ${problem(this)}
    `;
  }

  progress(one) {
    const isUnderWay = !ENDED.includes(one.status);
    return html`
      <section class="card" aria-live="polite">
        <h2>${one.model_name}</h2>
        <p>${one.message ?? t(`page-status-${one.status}`)}</p>
        ${isUnderWay
          ? html`<progress max="100" value=${one.progress} aria-label=${t("page-progress")}></progress>
              <p class="hint">
                ${one.queue_position ? t("page-queue", { count: one.queue_position }) : t("page-percent", { percent: one.progress })}
                ${one.seconds_left === null ? nothing : t("page-left", { minutes: minutes(one.seconds_left) })}
              </p>`
          : nothing}
        <p>${t("page-trigger")} ${copyable(one.trigger_word)}</p>
        ${isUnderWay
          ? html`<button class="plain danger" ?disabled=${one.is_stopping} @click=${() => this.stop(one)}>
              ${one.is_stopping ? t("page-stopping") : t("page-stop")}
            </button>`
          : html`<button class="plain" @click=${() => this.another()}>${t("page-train-another")}</button>`}
      </section>
    `;
  }

  async stop(one) {
    if (!(await this.app.sure(t("page-stop-sure")))) return;
    await this.app.does(this, () => api.ask("POST", `/train/cancel/${one.model_id}`));
  }

  form() {
    const draft = this.draft;
    if (!draft.is_begun)
      return html`
        <section class="card">
          <p>${t("page-intro", { min: draft.least, max: draft.most })}</p>
          <p class="terms">${draft.consent}</p>
          <label class="check">
            <input type="checkbox" id="consent" .checked=${false} @change=${() => this.choose({ consent: true })} />
            <span>${t("page-consent-agree")}</span>
          </label>
        </section>
      `;
    const { trainers } = this.app.prices;
    const modes = this.trainer().modes.map((mode) => ({
      value: mode.mode,
      text: t(`page-mode-${mode.mode}`),
      hint: [priced(mode), mode.usual_minutes && t("page-usual", { from: mode.usual_minutes[0], to: mode.usual_minutes[1] })].filter(Boolean).join(" · "),
    }));
    return html`
      <section class="card">
        <label class="field" for="name">${t("page-name")}</label>
        <input id="name" maxlength="40" autocomplete="off" placeholder=${t("page-name-example")} .value=${this.typed ?? draft.model_name ?? ""}
          @input=${(event) => (this.typed = event.target.value)}
          @change=${(event) => this.choose({ model_name: event.target.value })} />
        ${choices("gender", t("page-gender"), ["woman", "man", "person"].map((value) => ({ value, text: t(`page-gender-${value}`) })), draft.gender, (gender) => this.choose({ gender }))}
      </section>
      ${this.photos()}
      <section class="card">
        ${trainers.length > 1
          ? choices("trainer", t("page-trainer"), trainers.map(({ trainer }) => ({ value: trainer, text: trainer })), this.trainer().trainer, (trainer) => this.choose({ trainer }))
          : nothing}
        ${choices("mode", t("page-mode"), modes, this.mode().mode, (mode) => this.choose({ mode }))}
        <p class="hint">${t("page-train-consent")}</p>
      </section>
    `;
  }

  photos() {
    const { photos, accepted, least, recommended, most, score } = this.draft;
    const tiles = this.tiles();
    return html`
      <section class="card">
        <h2>${t("page-photos")}</h2>
        <p class="hint" aria-live="polite">
          ${accepted < least
            ? t("page-photos-missing", { accepted, least })
            : accepted < recommended
              ? t("page-photos-enough", { accepted, recommended })
              : t("page-photos-good", { accepted })}
          ${score === null ? nothing : t("page-score", { score })}
        </p>
        <div class="grid">
          ${tiles.map((tile) => this.tile(tile))}
          ${photos.length < most
            ? html`<label class="tile add">
                <span aria-hidden="true">+</span><span>${t(tiles.length ? "page-add-more" : "page-add")}</span>
                <input type="file" id="photos" accept="image/*,.heic,.heif" ?multiple=${bridge.platform !== "android"}
                  @change=${(event) => this.chosen(event)} />
              </label>`
            : nothing}
        </div>
        ${bridge.platform === "android"
          ? html`<button class="plain" @click=${() => bridge.close()}>${t("page-send-in-chat")}</button>`
          : nothing}
        <input type="file" id="replacement" accept="image/*,.heic,.heif" hidden @change=${(event) => this.replaced(event)} />
      </section>
    `;
  }

  // A tile keeps its place from the choice of its file on.
  tiles() {
    const rows = new Map(this.draft.photos.map((photo) => [photo.photo_id, photo]));
    const own = [];
    for (const upload of this.app.uploads.files) {
      const photo = upload.photoId ? rows.get(upload.photoId) : null;
      if (upload.state === "taken" && !photo) continue;
      if (photo) rows.delete(upload.photoId);
      own.push({ key: upload.key, upload, photo });
    }
    return [...[...rows.values()].map((photo) => ({ key: photo.photo_id, photo })), ...own];
  }

  tile({ photo, upload }) {
    const isOnItsWay = !photo && upload && ["waiting", "sending"].includes(upload.state);
    const isRefused = photo ? photo.status === "refused" : upload.state === "refused";
    const isChecking = photo?.status === "pending";
    const mark = isRefused ? "❌" : upload?.state === "broken" && !photo ? "⚠️" : isOnItsWay || isChecking ? "⏳" : photo.flaws.length ? "⚠️" : "✅";
    const said = photo ? (isChecking ? t("page-checking") : photo.detail) : isOnItsWay ? t("page-sending") : upload.state === "broken" ? t("page-broken") : upload.detail;
    const name = photo?.name ?? upload.name;
    const thumbnail = photo && !isChecking ? api.addressOf(photo.thumbnail_url) : "";
    // What the browser cannot draw, such as a text, has no picture here at all.
    const source = upload && !upload.isUnseen && !photo?.can_turn ? upload.preview : thumbnail;
    return html`
      <figure class="tile ${isRefused ? "refused" : ""}">
        ${source
          ? html`<img alt=${name} width="112" height="112" loading="lazy" src=${source}
              @error=${() => upload && !upload.isUnseen && ((upload.isUnseen = true), this.app.render())} />`
          : html`<div class="unseen" role="img" aria-label=${name}></div>`}
        <span class="mark" role="img" aria-label=${said || t("page-good")}>${mark}</span>
        ${isOnItsWay ? html`<progress max="1" value=${upload.sent} aria-label=${t("page-sending")}></progress>` : nothing}
        <figcaption>${said || t("page-good")}</figcaption>
        <div class="row">
          ${upload?.state === "broken" && !photo
            ? html`<button class="icon" aria-label=${t("page-retry")} title=${t("page-retry")} @click=${() => this.app.uploads.retry(upload)}>↻</button>`
            : nothing}
          ${photo?.can_turn
            ? html`<button class="icon" aria-label=${t("page-turn", { name })} title=${t("page-turn", { name })} @click=${() => this.turn(photo)}>⟳</button>`
            : nothing}
          ${photo && !isChecking
            ? html`<button class="icon" aria-label=${t("page-replace", { name })} title=${t("page-replace", { name })} @click=${() => this.replace(photo, upload)}>⇄</button>`
            : nothing}
          <button class="icon" aria-label=${t("page-remove", { name })} title=${t("page-remove", { name })} @click=${() => this.remove(photo, upload)}>✕</button>
        </div>
      </figure>
    `;
  }

  chosen(event) {
    const room = this.draft.most - this.tiles().length;
    const files = [...event.target.files];
    event.target.value = "";
    this.error = files.length > room ? t("page-too-many", { max: this.draft.most }) : "";
    this.app.uploads.add(files.slice(0, Math.max(0, room)));
  }

  replace(photo, upload) {
    this.replaces = { photo, upload };
    document.getElementById("replacement").click();
  }

  async replaced(event) {
    const [file] = event.target.files;
    event.target.value = "";
    const { photo, upload } = this.replaces ?? {};
    if (!file || !photo) return;
    await this.remove(photo, upload);
    this.app.uploads.add([file]);
  }

  async turn(photo) {
    await this.app.does(this, async () => {
      await api.ask("POST", `/photos/${photo.photo_id}/turn`);
      await this.app.refresh();
    });
  }

  async remove(photo, upload) {
    if (upload) this.app.uploads.drop(upload);
    if (!photo) return;
    await this.app.does(this, async () => {
      await api.ask("DELETE", `/photos/${photo.photo_id}`);
      this.draft.photos = this.draft.photos.filter((one) => one !== photo);
      await this.app.refresh();
    });
  }
}
