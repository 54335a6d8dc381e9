// The HTTP API beside the page: a session that renews itself, problems as errors, one live stream.
import { initData } from "./bridge.js";

export const base = new URL("../api", document.baseURI).href;
const RENEW_BEFORE_MS = 10 * 60 * 1000;
const SILENT_MS = 40_000;
const ANSWER_WITHIN_MS = 30_000;

export class Problem extends Error {
  constructor(problem, retryAfterS) {
    super(problem.detail || problem.title || "");
    this.status = problem.status ?? 0;
    this.code = problem.code ?? "";
    this.retryAfterS = retryAfterS;
  }
}

let token = "";
let endsAt = 0;
let renewal = null;

export async function authorization() {
  if (Date.now() > endsAt - RENEW_BEFORE_MS) {
    renewal ??= renew().finally(() => (renewal = null));
    if (!token) {
      // What the page was opened with will do until then.
      renewal.catch(() => {});
      return `tma ${initData}`;
    }
    await renewal;
  }
  return `Bearer ${token}`;
}

async function renew() {
  const given = token && Date.now() < endsAt ? `Bearer ${token}` : `tma ${initData}`;
  const answer = await send("POST", "/session", { authorization: given });
  token = answer.token;
  endsAt = Date.parse(answer.expires_at);
}

async function send(method, path, { authorization: given, body, headers = {} }) {
  const hasBody = body !== undefined;
  const answer = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    headers: { Authorization: given, "Accept-Language": document.documentElement.lang, ...(hasBody ? { "Content-Type": "application/json" } : {}), ...headers },
    body: hasBody ? JSON.stringify(body) : undefined,
  });
  if (answer.status === 204) return null;
  if (answer.ok && isKind(answer, "json")) return answer.json();
  throw await problemOf(answer);
}

const isKind = (answer, kind) => (answer.headers.get("Content-Type") ?? "").includes(kind);

async function problemOf(answer) {
  // A page of somebody between: of a proxy, or of a network that one has to sign in to.
  if (answer.ok) return new Problem({ status: 502 });
  const found = isKind(answer, "json") ? await answer.json() : { status: answer.status };
  return new Problem(found, Number(answer.headers.get("Retry-After")) || 0);
}

export async function ask(method, path, body, headers) {
  return send(method, path, { authorization: await authorization(), body, headers });
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// As `pause`, but over as soon as the phone is online again.
export function pauseOrOnline(ms) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
  });
}

// Whether the same may go well a little later.
export const passes = (error) => !(error instanceof Problem) || error.status < 400 || [408, 429].includes(error.status) || error.status >= 500;

// An order leaves again with the same key until it is known what became of it, also when it is
// pressed anew after the page has given up: it is made once.
const unknown = new Map();

export async function order(path, body) {
  const wish = JSON.stringify([path, body]);
  const key = unknown.get(wish) ?? crypto.randomUUID();
  unknown.set(wish, key);
  for (let pauseMs = 1000; ; pauseMs *= 2) {
    try {
      const made = await ask("POST", path, body, { "Idempotency-Key": key });
      unknown.delete(wish);
      return made;
    } catch (error) {
      if (!passes(error)) unknown.delete(wish);
      if (!passes(error) || error.status === 429 || pauseMs > 8000) throw error;
      await pauseOrOnline(pauseMs);
    }
  }
}

// Addresses in answers begin with /api, wherever the bot is behind its proxy.
export const addressOf = (url) => (url ? base + url.replace(/^\/api/, "") : "");

// The page has asked for its stream before any module was there.
let { first } = globalThis;

function opened() {
  const stop = new AbortController();
  const ask = async () => fetch(`${base}/events`, { headers: { Authorization: await authorization() }, signal: stop.signal });
  return { stop, answer: ask() };
}

// Calls `show` with everything, each time something has changed, and `connected` when that begins.
// Between two streams it waits for `lost`, which is told what went wrong, and says whether to go on.
export async function live({ show, connected, lost }) {
  let pauseMs = 500;
  let trouble;
  do {
    const { stop, answer: asked } = first ?? opened();
    first = trouble = undefined;
    const cut = () => stop.abort();
    addEventListener("offline", cut);
    let silence;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(cut, SILENT_MS);
    };
    try {
      heard();
      const answer = await asked;
      if (!answer.ok || !isKind(answer, "text/event-stream")) throw await problemOf(answer);
      connected();
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        heard();
        pauseMs = 500;
        text += value;
        const events = text.split("\n\n");
        text = events.pop();
        for (const event of events) {
          const data = event.split("\n").find((line) => line.startsWith("data: "));
          if (event.startsWith("event: change") && data) show(JSON.parse(data.slice(6)));
        }
      }
    } catch (error) {
      trouble = error;
    } finally {
      clearTimeout(silence);
      removeEventListener("offline", cut);
    }
    pauseMs = Math.min(pauseMs * 2, 20_000);
  } while (await lost(trouble, pauseMs / 2));
}
