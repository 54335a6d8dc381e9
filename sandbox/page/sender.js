// Sending: the bubble appears at once, the request follows, the real message replaces it.
import { api, upload } from "./api.js";
import { toast } from "./notices.js";

const PHOTO_TYPES = new Set(["image/jpeg", "image/png", "image/webp", "image/bmp", "image/avif"]);
const PORTRAIT = { width: 960, height: 1280 };
const SAMPLE_COUNT = 10;

/** Whether Telegram's clients would send this file as a photo or video rather than as a file. */
export const isPhotoFile = (file) => PHOTO_TYPES.has(file.type) || file.type.startsWith("video/");

/** Sends what the user writes and attaches; keeps texts in their order. */
export class Sender {
  constructor(store) {
    this.store = store;
    this.queue = Promise.resolve();
    this.count = 0;
  }

  text(text, replyTo = null) {
    this.begin({ kind: "text", text, replyTo, run: (item) => this.runText(item) });
  }

  async edit(messageId, text) {
    try {
      await api.editText(this.store.userId, messageId, text);
    } catch (error) {
      toast(error.message);
    }
  }

  /** `files` are `{file, preview, size}`; photos and the rest leave as separate messages. */
  media(files, as, caption) {
    const photos = as === "photo" ? files.filter(({ file }) => isPhotoFile(file)) : [];
    const others = files.filter((file) => !photos.includes(file));
    let words = caption;
    for (const [part, kind] of [[photos, "photo"], [others, "document"]]) {
      if (part.length === 0) continue;
      this.begin({ kind: "media", files: part, as: kind, caption: words, run: (i) => this.runMedia(i) });
      words = "";
    }
  }

  /** Ten drawn portraits of one of the sandbox's characters. */
  sample(character, as) {
    const files = Array.from({ length: SAMPLE_COUNT }, (_, i) => ({
      file: { name: `portrait ${i + 1}`, size: NaN }, preview: null, size: PORTRAIT,
    }));
    this.begin({ kind: "media", files, as, character, progress: 1, run: (i) => this.runSample(i) });
  }

  begin(item) {
    this.count += 1;
    const whole = { key: `p${this.count}`, date: Date.now() / 1000, progress: 0, error: null, topic: this.store.topic, ...item };
    this.store.addPending(whole);
    this.enqueue(whole);
  }

  retry(item) {
    item.error = null;
    this.store.changed();
    this.enqueue(item);
  }

  discard(item) {
    this.store.dropPending(item);
    releasePreviews(item);
  }

  enqueue(item) {
    this.queue = this.queue.then(() => this.settle(item));
  }

  async settle(item) {
    const user = this.store.userId;
    try {
      const messages = await item.run(item);
      this.store.dropPending(item);
      if (user === this.store.userId) messages.forEach((message) => this.store.putOwn(message));
      releasePreviews(item);
    } catch (error) {
      item.error = error.message;
      if (this.store.pending.includes(item)) this.store.changed();
    }
  }

  async runText({ text, replyTo, topic }) {
    return (await api.sendText(this.store.userId, text, replyTo, topic)).messages;
  }

  runMedia(item) {
    const files = item.files.map(({ file }) => file);
    const parcel = { files, as: item.as, caption: item.caption, topic: item.topic };
    const { done } = upload(this.store.userId, parcel, (share) => {
      item.progress = share;
      item.showProgress?.(share);
    });
    return done;
  }

  async runSample({ character, as, topic }) {
    return (await api.sendSample(this.store.userId, character, as, topic)).messages;
  }
}

function releasePreviews(item) {
  for (const file of item.files ?? []) if (file.preview) URL.revokeObjectURL(file.preview);
}
