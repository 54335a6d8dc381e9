// Photos on their way: one file a request, tried again until it is known what became of it. The
// same file is the same photo, so that nothing is sent twice.
import { base, authorization, passes, pauseOrOnline, Problem } from "./api.js";

const AT_ONCE = 2;
const SHRUNK_FROM_BYTES = 3_000_000;
const SIDE_PX = 2048;
const TRIES = 8;

export class Uploads {
  constructor(changed) {
    this.files = [];
    this.changed = changed;
    this.running = 0;
    addEventListener("online", () => this.files.filter((one) => one.state === "broken").forEach((one) => this.retry(one)));
  }

  get isBusy() {
    return this.files.some((file) => file.state === "waiting" || file.state === "sending");
  }

  add(files) {
    for (const file of files)
      this.files.push({ key: crypto.randomUUID(), file, name: file.name, state: "waiting", sent: 0, detail: "", preview: URL.createObjectURL(file) });
    this.next();
    this.changed();
  }

  retry(one) {
    one.state = "waiting";
    this.next();
    this.changed();
  }

  drop(one) {
    one.request?.abort();
    URL.revokeObjectURL(one.preview);
    this.files = this.files.filter((other) => other !== one);
    this.changed();
  }

  clear() {
    for (const one of [...this.files]) this.drop(one);
  }

  next() {
    while (this.running < AT_ONCE) {
      const one = this.files.find((file) => file.state === "waiting");
      if (!one) return;
      one.state = "sending";
      this.running += 1;
      this.send(one).finally(() => {
        this.running -= 1;
        this.next();
        this.changed();
      });
    }
  }

  async send(one) {
    const data = (one.data ??= await shrunk(one.file));
    for (let attempt = 0; attempt < TRIES && this.files.includes(one); attempt += 1) {
      try {
        const { photos } = await this.post(one, data);
        const [photo] = photos;
        one.photoId = photo?.photo_id ?? null;
        one.state = one.photoId === null ? "refused" : "taken";
        one.detail = photo?.detail ?? "";
        return;
      } catch (error) {
        if (!passes(error) && error.status !== 401) {
          one.state = "refused";
          one.detail = error.message;
          return;
        }
        one.sent = 0;
        this.changed();
        await pauseOrOnline(Math.max((error.retryAfterS ?? 0) * 1000, Math.min(500 * 2 ** attempt, 15_000)));
      }
    }
    one.state = "broken";
  }

  async post(one, data) {
    const given = await authorization();
    const form = new FormData();
    form.append("photos", data, one.name);
    return new Promise((done, fail) => {
      const request = (one.request = new XMLHttpRequest());
      request.open("POST", `${base}/upload-photos?consent=true&wait=false`);
      request.setRequestHeader("Authorization", given);
      request.upload.onprogress = ({ loaded, total }) => {
        one.sent = total ? loaded / total : 0;
        this.changed();
      };
      request.onload = () => {
        let found = {};
        try {
          found = JSON.parse(request.responseText);
        } catch {
          // A proxy's own page.
        }
        if (request.status === 200) done(found);
        else fail(new Problem({ ...found, status: request.status }, Number(request.getResponseHeader("Retry-After")) || 0));
      };
      request.onerror = request.onabort = request.ontimeout = () => fail(new Problem({}));
      request.timeout = 180_000;
      request.send(form);
    });
  }
}

// A large photo of a phone is made as large as training takes it, which sends a fifth of the bytes.
async function shrunk(file) {
  if (file.size < SHRUNK_FROM_BYTES || file.type !== "image/jpeg") return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE_PX / Math.max(picture.width, picture.height));
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  } catch {
    return file;
  }
}
