// The photo viewer: every picture of the chat in order, full size, download, arrows, Escape.
import { fileUrl } from "./api.js";
import { byId } from "./dom.js";
import { pictureOf } from "./media.js";

/** A modal dialog over the chat; the browser keeps the focus inside and gives it back. */
export class Viewer {
  constructor(store) {
    this.store = store;
    this.dialog = byId("viewer");
    this.image = byId("viewer-image");
    this.current = null;
    byId("viewer-close").addEventListener("click", () => this.dialog.close());
    byId("viewer-prev").addEventListener("click", () => this.step(-1));
    byId("viewer-next").addEventListener("click", () => this.step(1));
    byId("viewer-zoom").addEventListener("click", () => this.zoom());
    this.image.addEventListener("click", () => this.zoom());
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog || event.target.id === "viewer-stage") this.dialog.close();
    });
    this.dialog.addEventListener("close", () => {
      this.current = null;
      this.image.removeAttribute("src");
    });
  }

  get pictures() {
    return this.store.ordered.filter((message) => pictureOf(message) !== null);
  }

  open(messageId) {
    this.current = messageId;
    this.show();
    if (!this.dialog.open) this.dialog.showModal();
  }

  /** Draw the current picture again; close when its message is gone. */
  refresh() {
    if (this.current === null) return;
    if (this.store.messages.has(this.current)) this.controls();
    else this.dialog.close();
  }

  show() {
    const message = this.store.messages.get(this.current);
    const picture = pictureOf(message);
    this.dialog.classList.remove("zoomed");
    byId("viewer-zoom").setAttribute("aria-pressed", "false");
    this.image.src = fileUrl(picture.file_id);
    this.image.alt = message.caption ?? picture.name;
    byId("viewer-caption").textContent = message.caption ?? "";
    const download = byId("viewer-download");
    download.href = fileUrl(picture.file_id, picture.name);
    download.download = picture.name;
    this.controls();
  }

  controls() {
    const pictures = this.pictures;
    const at = pictures.findIndex((message) => message.message_id === this.current);
    byId("viewer-count").textContent = `${at + 1} / ${pictures.length}`;
    // Not `disabled`: a disabled button would drop the focus of whoever has just pressed it.
    byId("viewer-prev").setAttribute("aria-disabled", String(at <= 0));
    byId("viewer-next").setAttribute("aria-disabled", String(at >= pictures.length - 1));
  }

  step(by) {
    const pictures = this.pictures;
    const at = pictures.findIndex((message) => message.message_id === this.current);
    const next = pictures[at + by];
    if (!next) return;
    this.current = next.message_id;
    this.show();
  }

  zoom() {
    const zoomed = this.dialog.classList.toggle("zoomed");
    byId("viewer-zoom").setAttribute("aria-pressed", String(zoomed));
  }

  onKey(event) {
    if (event.key === "ArrowLeft") this.step(-1);
    else if (event.key === "ArrowRight") this.step(1);
  }
}
