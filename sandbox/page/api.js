// The control plane of the sandbox, as functions. Nothing else in the page knows addresses.

/** A refusal with the sandbox's own sentence; `status` 0 means that no server answered. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/sandbox/${path}`, options);
  } catch {
    throw new ApiError(0, "no answer");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, answer.error ?? response.statusText);
  return answer;
}

export const api = {
  state: () => call("GET", "state"),
  createUser: (user) => call("POST", "users", user),
  changeUser: (id, change) => call("PATCH", `users/${id}`, change),
  messages: async (user) => (await call("GET", `chats/${user}/messages`)).messages,
  /** What the button left of the input field offers: `{commands, menu_button}`. */
  commands: (user) => call("GET", `chats/${user}/commands`),
  prepared: (user, id) => call("GET", `chats/${user}/prepared/${encodeURIComponent(id)}`),
  share: (user, id, name) => call("POST", `chats/${user}/prepared/${encodeURIComponent(id)}`, { with: name }),
  openWebApp: (user, from) => call("POST", `chats/${user}/web_app`, from),
  sendText: (user, text, replyTo, topic) =>
    call("POST", `chats/${user}/text`, { text, topic, ...(replyTo ? { reply_to: replyTo } : {}) }),
  editText: (user, messageId, text) => call("POST", `chats/${user}/edit`, { message_id: messageId, text }),
  openTopic: async (user, name) => (await call("POST", `chats/${user}/topics`, { name })).topic,
  setTopics: (topics) => api.setTelegram({ topics }),
  sendSample: (user, character, as, topic) =>
    call("POST", `chats/${user}/sample`, { character, count: 10, as, topic }),
  click: async (user, messageId, row, column) =>
    (await call("POST", `chats/${user}/click`, { message_id: messageId, row, column }))
      .callback_query_id,
  invoice: (slug) => call("GET", `invoices/${encodeURIComponent(slug)}`),
  pay: async (user, what) => (await call("POST", `chats/${user}/pay`, what)).checkouts,
  checkout: (id) => call("GET", `checkouts/${id}`),
  stars: () => call("GET", "stars"),
  tellPayment: (charge) => call("POST", `payments/${charge}/notice`),
  refundPayment: (charge) => call("POST", `payments/${charge}/refund`),
  changeSubscription: (charge, action) => call("POST", `subscriptions/${charge}`, { action }),
  telegram: () => call("GET", "telegram/scenario"),
  setTelegram: (change) => call("PUT", "telegram/scenario", change),
  calls: async (after = 0) => (await call("GET", `calls?after=${after}`)).calls,
  setClock: (clock) => call("PUT", "clock", clock),
  scenario: () => call("GET", "fal/scenario"),
  setScenario: (scenario) => call("PUT", "fal/scenario", scenario),
  addFault: (fault) => call("POST", "faults", fault),
  removeFault: (id) => call("DELETE", `faults/${id}`),
  steerBot: (action) => call("POST", "bot", { action }),
  reset: () => call("POST", "reset"),
};

/** Address of the bytes of a file that the chat shows; with a name it is saved, not shown. */
export function fileUrl(fileId, downloadName) {
  const query = downloadName ? `?download=${encodeURIComponent(downloadName)}` : "";
  return `/sandbox/files/${encodeURIComponent(fileId)}${query}`;
}

/**
 * Upload files into the chat. `onProgress` gets the share of bytes that left, 0 to 1.
 * Gives `{done, abort}`: a promise of the messages and a way to stop.
 */
export function upload(user, { files, as, caption, topic }, onProgress) {
  const form = new FormData();
  form.append("as", as);
  if (topic) form.append("topic", topic);
  if (caption) form.append("caption", caption);
  for (const file of files) form.append("file", file, file.name);
  // fetch() cannot report what has been uploaded; XMLHttpRequest can.
  const request = new XMLHttpRequest();
  const done = new Promise((resolve, reject) => {
    request.upload.onprogress = (event) => onProgress(event.loaded / Math.max(event.total, 1));
    request.onload = () => {
      const answer = readJson(request.responseText);
      if (request.status < 300) resolve(answer.messages ?? []);
      else reject(new ApiError(request.status, answer.error ?? request.statusText));
    };
    request.onerror = () => reject(new ApiError(0, "no answer"));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
  });
  request.open("POST", `/sandbox/chats/${user}/media`);
  request.send(form);
  return { done, abort: () => request.abort() };
}

function readJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

const RETRY_MS = 1000;

/**
 * Follow the events of one user's chat. `up` is called at each connection (take a new snapshot
 * then: the server may be another process now), `down` when it is lost, `event` for each event.
 * Gives a function that stops following.
 */
export function follow(user, { up, down, event }) {
  let source = null;
  let timer = 0;
  const connect = () => {
    source = new EventSource(`/sandbox/events?user=${user}`);
    source.onopen = up;
    source.onmessage = (message) => event(JSON.parse(message.data));
    // The browser gives up for good on some answers; reconnecting by hand never does.
    source.onerror = () => {
      source.close();
      down();
      timer = setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
