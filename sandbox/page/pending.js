// Bubbles of what this tab is sending right now: shown at once, replaced by the real message.
import { h } from "./dom.js";
import { layoutAlbum } from "./album.js";
import { place } from "./media.js";
import { metaLine } from "./render.js";
import { fileSize, t } from "./strings.js";

const ALBUM = 10;

/** The drawn form of one thing being sent. `actions` has `retry(item)` and `discard(item)`. */
export function pendingBubble(item, actions) {
  const rows = item.kind === "text" ? [textRow(item)] : mediaRows(item);
  const tail = item.error ? [failure(item, actions)] : [];
  return h("div", { class: "pending-group", data: { key: item.key } }, rows, tail);
}

function metaOf(item) {
  return metaLine({ date: item.date, edited: false, tick: item.error ? "failed" : "sending" });
}

function textRow(item) {
  const bubble = h("div", { class: "bubble" }, h("div", { class: "text" }, item.text, metaOf(item)));
  return h("div", { class: "row out pending last", role: "article" }, bubble);
}

function mediaRows(item) {
  const rows = [];
  for (let start = 0; start < item.files.length; start += ALBUM) {
    const part = item.files.slice(start, start + ALBUM);
    const media = item.as === "photo" ? previewMosaic(part) : part.map(fileRow);
    const caption = start === 0 && item.caption ? item.caption : null;
    const words = h("div", { class: caption ? "text" : "" }, caption ?? "", metaOf(item));
    const bubble = h("div", { class: `bubble${item.as === "photo" ? " with-media" : ""}` }, media, words);
    rows.push(h("div", { class: "row out pending last", role: "article" }, bubble));
  }
  rows.at(-1).querySelector(".bubble").append(progressBar(item));
  return rows;
}

function progressBar(item) {
  const bar = h("progress", { max: "100", "aria-label": t("sending") });
  const words = h("span", { class: "progress-text" });
  const line = h("div", { class: "uploading", hidden: Boolean(item.error) }, bar, words);
  // The bar is moved in place: an upload reports its progress many times a second.
  item.showProgress = (share) => {
    const whole = Math.round(share * 100);
    if (whole < 100) bar.value = whole;
    else bar.removeAttribute("value");
    words.textContent = whole < 100 ? t("uploading", { n: whole }) : t("processing");
  };
  item.showProgress(item.progress);
  return line;
}

function previewMosaic(files) {
  const { width, height, boxes } = layoutAlbum(files.map((f) => f.size ?? { width: 1, height: 1 }));
  const frame = h("div", { class: "mosaic" });
  frame.style.setProperty("--width", `${width}px`);
  frame.style.aspectRatio = `${width} / ${height}`;
  files.forEach((file, i) => {
    const image = file.preview ? h("img", { src: file.preview, alt: file.file.name }) : null;
    const tile = h("div", { class: "tile" }, image);
    place(tile, boxes[i], width, height);
    frame.append(tile);
  });
  return frame;
}

function fileRow({ file }) {
  const words = h(
    "div", { class: "doc-text" },
    h("span", { class: "doc-name" }, file.name),
    h("span", { class: "doc-size" }, fileSize(file.size)),
  );
  return h("div", { class: "doc" }, h("span", { class: "doc-face", "aria-hidden": "true" }, "…"), words);
}

function failure(item, actions) {
  const retry = h("button", { type: "button", on: { click: () => actions.retry(item) } }, t("retry"));
  const drop = h("button", { type: "button", on: { click: () => actions.discard(item) } }, t("discard"));
  return h("div", { class: "failure", role: "alert" }, h("span", {}, `${t("failed")}: ${item.error}`), retry, drop);
}
