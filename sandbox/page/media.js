// Photos, albums, videos and file rows inside a bubble.
import { fileUrl } from "./api.js";
import { layoutAlbum } from "./album.js";
import { h, icon } from "./dom.js";
import { fileSize, t } from "./strings.js";

const WEB_PICTURES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);
const percent = (part, whole) => `${((100 * part) / whole).toFixed(3)}%`;

/** The picture of a message that tiles and the viewer show, or null. */
export function pictureOf(message) {
  if (message.photo) {
    const best = message.photo.at(-1);
    return { ...best, sizes: message.photo, name: `photo_${message.message_id}.jpg` };
  }
  const file = message.document;
  if (!message.animation && file && WEB_PICTURES.has(file.mime_type)) {
    return { ...file, sizes: [], name: file.file_name ?? t("file") };
  }
  return null;
}

/** Whether the message belongs to a mosaic: a photo, a video or an animation. */
export const isVisual = (message) =>
  Boolean(message.photo ?? message.video ?? message.animation);

/** The mosaic of one or more visual messages; `open(messageId)` shows the viewer. */
export function mosaic(messages, open) {
  const sizes = messages.map(sizeOf);
  const { width, height, boxes } = layoutAlbum(sizes);
  const frame = h("div", { class: "mosaic" });
  frame.style.setProperty("--width", `${width}px`);
  frame.style.aspectRatio = `${width} / ${height}`;
  messages.forEach((message, i) => {
    const tile = isPhoto(message) ? photoTile(message, i, messages.length, boxes[i], open) : videoTile(message);
    place(tile, boxes[i], width, height);
    frame.append(tile);
  });
  return frame;
}

const isPhoto = (message) => Boolean(message.photo);

function sizeOf(message) {
  const media = message.photo?.at(-1) ?? message.video ?? message.animation;
  return { width: media.width || 320, height: media.height || 320 };
}

/** Put a tile into its box of a mosaic; shares instead of pixels let it shrink on a phone. */
export function place(tile, box, width, height) {
  tile.style.left = percent(box.x, width);
  tile.style.top = percent(box.y, height);
  tile.style.width = percent(box.width, width);
  tile.style.height = percent(box.height, height);
}

function photoTile(message, index, all, box, open) {
  const sizes = message.photo;
  const label = t("photo_open", { n: index + 1, all });
  const image = h("img", {
    alt: t("photo"), // the caption is read as text below it
    src: fileUrl(sizes.at(-1).file_id),
    srcset: sizes.map((s) => `${fileUrl(s.file_id)} ${s.width}w`).join(", "),
    sizes: `${Math.round(box.width)}px`,
    draggable: "false",
  });
  const spoiler = message.has_media_spoiler ? " veiled" : "";
  const tile = h("button", { type: "button", class: `tile${spoiler}`, "aria-label": label }, image);
  tile.addEventListener("click", () => {
    if (tile.classList.contains("veiled")) tile.classList.remove("veiled");
    else open(message.message_id);
  });
  return tile;
}

function videoTile(message) {
  const media = message.animation ?? message.video;
  const src = fileUrl(media.file_id);
  if (media.mime_type === "image/gif") {
    return h("div", { class: "tile" }, h("img", { src, alt: "GIF" }));
  }
  const moving = Boolean(message.animation);
  const video = h("video", {
    src, "aria-label": t("video"), controls: !moving, autoplay: moving, loop: moving,
    playsinline: true, preload: "metadata",
  });
  video.muted = moving;
  return h("div", { class: "tile" }, video);
}

/** The row of a file: icon or thumbnail, name, size, download. */
export function documentRow(message, open) {
  const file = message.document ?? message.audio ?? message.voice ?? message.video_note ?? message.sticker;
  const name = file.file_name ?? t("file");
  const link = h(
    "a",
    {
      class: "doc-text", href: fileUrl(file.file_id, name), download: name,
      "aria-label": `${t("download_name", { name })}, ${fileSize(file.file_size)}`,
    },
    h("span", { class: "doc-name" }, name),
    h("span", { class: "doc-size" }, fileSize(file.file_size)),
  );
  return h("div", { class: "doc" }, documentFace(message, file, name, open), link);
}

function documentFace(message, file, name, open) {
  const picture = pictureOf(message);
  if (!picture) {
    const ending = (name.includes(".") ? name.split(".").pop() : "").slice(0, 4);
    return h("span", { class: "doc-face", "aria-hidden": "true" }, ending ? ending : icon("file"));
  }
  const thumb = file.thumbnail?.file_id ?? file.file_id;
  const face = h(
    "button",
    { type: "button", class: "doc-face thumb", "aria-label": `${t("photo")}: ${name}` },
    h("img", { src: fileUrl(thumb), alt: "" }),
  );
  face.addEventListener("click", () => open(message.message_id));
  return face;
}

/** What a mosaic or row depends on; while it stays the same, the drawn nodes stay too. */
export const mediaSignature = (messages) =>
  messages.map((m) => [m.message_id, m.photo, m.video, m.document, m.has_media_spoiler]);
