// Ways for files to come in (choosers, drag and drop, paste) and the sheet that asks how to send.
import { byId, h, icon, placeAboveComposer } from "./dom.js";
import { isPhotoFile } from "./sender.js";
import { fileSize, t } from "./strings.js";

/** Collects files from every way in and sends them as the user chooses on the sheet. */
export class Attach {
  constructor(sender) {
    this.sender = sender;
    this.files = [];
    this.sheet = byId("sheet");
    placeAboveComposer(byId("attach-menu"));
    this.choosers();
    this.dropping();
    document.addEventListener("paste", (event) => this.onPaste(event));
    byId("sheet-form").addEventListener("submit", (event) => this.onSubmit(event));
    byId("sheet-form").addEventListener("change", () => this.describe());
    byId("sheet-cancel").addEventListener("click", () => this.sheet.close());
    this.sheet.addEventListener("close", () => this.forget());
  }

  choosers() {
    for (const [as, id] of [["photo", "pick-photos"], ["document", "pick-files"]]) {
      const input = byId(id);
      byId(`${id}-button`).addEventListener("click", () => {
        byId("attach-menu").hidePopover();
        input.click();
      });
      input.addEventListener("change", () => {
        this.offer([...input.files], as);
        input.value = "";
      });
    }
  }

  dropping() {
    const overlay = byId("drop");
    let depth = 0;
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
    const leave = () => {
      depth = 0;
      overlay.hidden = true;
    };
    document.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event) || this.sheet.open) return;
      depth += 1;
      overlay.hidden = false;
    });
    document.addEventListener("dragleave", (event) => {
      depth -= 1;
      if (depth <= 0 || event.relatedTarget === null) leave();
    });
    // Without this the browser would leave the page and open the dropped file.
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      leave();
      if (!carriesFiles(event)) return;
      const zone = event.target instanceof Element ? event.target.closest("[data-as]") : null;
      this.offer([...event.dataTransfer.files], zone?.dataset.as ?? "photo");
    });
  }

  onPaste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.offer(files, "photo");
  }

  /** Show the sheet with these files (added to those already on it). */
  async offer(files, as) {
    if (files.length === 0) return;
    const open = this.sheet.open;
    const added = await Promise.all(files.map(withPreview));
    this.files = open ? [...this.files, ...added] : added;
    if (!open) {
      byId("sheet-form").reset();
      byId(`as-${as}`).checked = true;
    }
    this.draw();
    if (!this.sheet.open) this.sheet.showModal();
    byId("sheet-caption").focus();
  }

  draw() {
    byId("sheet-files").replaceChildren(...this.files.map((entry) => this.card(entry)));
    this.describe();
  }

  card(entry) {
    const name = entry.file.name;
    const face = entry.preview
      ? h("img", { src: entry.preview, alt: "" })
      : h("span", { class: "sheet-icon" }, icon("file"));
    const remove = h("button", { type: "button", class: "sheet-remove", "aria-label": t("remove", { name }) }, icon("close"));
    remove.addEventListener("click", () => this.remove(entry));
    const words = h("span", { class: "sheet-name" }, name, h("small", {}, fileSize(entry.file.size)));
    return h("li", {}, face, words, remove);
  }

  remove(entry) {
    if (entry.preview) URL.revokeObjectURL(entry.preview);
    this.files = this.files.filter((other) => other !== entry);
    if (this.files.length === 0) {
      this.sheet.close();
      return;
    }
    this.draw();
    byId("sheet-caption").focus();
  }

  describe() {
    byId("sheet-title").textContent = t("send_n", { n: t("n_items", { n: this.files.length }) });
    const asPhotos = byId("as-photo").checked;
    const others = this.files.filter(({ file }) => !isPhotoFile(file)).length;
    const note = byId("sheet-note");
    note.hidden = !asPhotos || others === 0;
    note.textContent = t("not_photos", { n: others });
  }

  onSubmit(event) {
    event.preventDefault();
    const as = byId("as-photo").checked ? "photo" : "document";
    this.sender.media(this.files, as, byId("sheet-caption").value.trim());
    this.files = []; // their previews now belong to the bubbles
    this.sheet.close();
  }

  forget() {
    if (this.sheet.open) return; // shown again before the event of its closing came
    for (const { preview } of this.files) if (preview) URL.revokeObjectURL(preview);
    this.files = [];
    byId("field").focus();
  }
}

/** A file with its preview and size in pixels, when the browser knows the format. */
function withPreview(file) {
  const plain = { file, preview: null, size: null };
  if (!file.type.startsWith("image/")) return plain;
  const preview = URL.createObjectURL(file);
  const image = new Image();
  // Loading reads the size only; decoding twenty camera photos at once would take gigabytes.
  return new Promise((resolve) => {
    image.onload = () => {
      const size = { width: image.naturalWidth, height: image.naturalHeight };
      resolve({ file, preview, size });
    };
    image.onerror = () => {
      URL.revokeObjectURL(preview);
      resolve(plain);
    };
    image.src = preview;
  });
}
