// The gallery, and one picture on the whole screen.
import { html, nothing } from "../vendor/lit-html.js";
import * as api from "../api.js";
import * as bridge from "../bridge.js";
import { t } from "../words.js";
import { Changes } from "./changes.js";
import { choices, problem } from "./parts.js";

export class Gallery {
  constructor(app) {
    this.app = app;
    this.pictures = [];
    this.next = null;
    this.onlyFavourites = false;
    this.shown = null;
    this.said = "";
    this.error = "";
    this.asked = 0;
    this.isBusy = false;
    this.changes = new Changes(this);
  }

  primary() {
    return null;
  }

  async open() {
    await this.load(null);
  }

  async load(cursor) {
    const asked = (this.asked += 1);
    const query = new URLSearchParams({ limit: 24, favourites: this.onlyFavourites, ...(cursor ? { cursor } : {}) });
    await this.app.does(this, async () => {
      const page = await api.ask("GET", `/pictures?${query}`);
      if (asked !== this.asked) return;
      this.pictures = cursor ? [...this.pictures, ...page.items] : page.items;
      this.next = page.next;
    });
  }

  view() {
    const which = [
      { value: false, text: t("page-all") },
      { value: true, text: `★ ${t("page-favourites")}` },
    ];
    return html`<h1>${t("page-gallery")}</h1>
      <section class="card">
        ${choices("which", t("page-which"), which, this.onlyFavourites, (value) => ((this.onlyFavourites = value), this.load(null)))}
        <div class="pictures">${this.pictures.map((picture) => this.thumbnail(picture))}</div>
        ${this.pictures.length ? nothing : html`<p class="hint">${t("page-empty")}</p>`}
        ${this.next ? html`<button class="plain" @click=${() => this.load(this.next)}>${t("page-show-more")}</button>` : nothing}
      </section>
      ${this.shown ? nothing : problem(this)}`;
  }

  thumbnail(picture) {
    return html`<button class="picture" aria-label=${t("page-open", { prompt: picture.prompt })} @click=${() => this.show(picture)}>
      <img alt="" loading="lazy" width="160" height="160" src=${api.addressOf(picture.thumbnail_url)} />
      ${picture.is_favourite ? html`<span class="mark" aria-hidden="true">★</span>` : nothing}
    </button>`;
  }

  show(picture) {
    this.shown = picture;
    this.said = this.error = "";
    this.again = null;
    this.changes.close();
    this.app.render();
    document.getElementById("viewer")?.showModal();
  }

  hide() {
    document.getElementById("viewer")?.close();
  }

  viewer() {
    const picture = this.shown;
    return html`<dialog id="viewer" aria-label=${t("page-picture")} @close=${() => ((this.shown = null), this.app.render())}>
      ${picture
        ? html`<img alt=${picture.prompt} width=${picture.width ?? 768} height=${picture.height ?? 1024} src=${api.addressOf(picture.file_url)} />
            <p class="prompt">${picture.prompt}</p>
            <p class="hint" role="status">${this.said || nothing}</p>
            ${problem(this)} ${this.changes.view(picture)}
            <div class="row">
              <button class="plain" aria-pressed=${picture.is_favourite} @click=${() => this.favour(picture)}>${picture.is_favourite ? "★" : "☆"} ${t("page-favourite")}</button>
              ${this.app.prices.has_changes
                ? html`<button class="plain" aria-expanded=${this.changes.isOpen} @click=${() => this.changes.toggle(picture)}>✎ ${t("page-change")}</button>`
                : nothing}
              <button class="plain" @click=${() => this.enlarge(picture)}>⤢ ${t("page-enlarge")}</button>
              ${bridge.canShare ? html`<button class="plain" @click=${() => this.share(picture)}>➦ ${t("page-share")}</button>` : nothing}
              <button class="plain" @click=${() => this.download(picture)}>↓ ${t("page-download")}</button>
              <button class="plain danger" @click=${() => this.remove(picture)}>${t("page-delete")}</button>
              <button class="plain" @click=${() => this.hide()}>${t("page-close")}</button>
            </div>`
        : nothing}
    </dialog>`;
  }

  async favour(picture) {
    const isFavourite = !picture.is_favourite;
    await this.app.does(this, async () => {
      await api.ask(isFavourite ? "PUT" : "DELETE", `/pictures/${picture.id}/favourite`);
      for (const one of [...this.pictures, ...this.app.seen.generations.flatMap((made) => made.pictures), picture])
        if (one.id === picture.id) one.is_favourite = isFavourite;
      bridge.tapped();
    });
  }

  async enlarge(picture) {
    await this.once(async () => {
      this.said = (await api.order(`/pictures/${picture.id}/enlarge`)).message;
      bridge.succeeded();
    });
  }

  // As `does`, while nothing else of the picture is under way.
  async once(work) {
    if (this.isBusy) return;
    this.isBusy = true;
    this.said = t("page-moment");
    try {
      await this.app.does(this, work);
    } finally {
      this.isBusy = false;
      if (this.said === t("page-moment")) this.said = "";
      this.app.render();
    }
  }

  async share(picture) {
    let made = null;
    await this.once(async () => {
      // Telegram gets the picture a moment after the page has shown it.
      made = await api.order(`/pictures/${picture.id}/share`);
    });
    if (!made) return;
    const error = await bridge.share(made.id);
    if (error && error !== "USER_DECLINED") this.error = t("page-share-failed");
    else if (!error) this.said = t("page-shared");
    this.app.render();
  }

  download(picture) {
    const url = new URL(api.addressOf(picture.file_url));
    url.searchParams.set("download", "true");
    bridge.download(url.href, `neurophoto-${picture.id}.jpg`);
  }

  async remove(picture) {
    if (!(await this.app.sure(t("page-delete-sure")))) return;
    await this.app.does(this, async () => {
      await api.ask("DELETE", `/pictures/${picture.id}`);
      this.pictures = this.pictures.filter((one) => one.id !== picture.id);
      this.hide();
      await this.app.refresh();
    });
  }
}
