// The live list of HTTP calls that the bot makes to both services.
import { api } from "./api.js";
import { byId, h } from "./dom.js";
import { addStrings, t } from "./strings.js";

addStrings({
  en: {
    calls: "The bot's HTTP calls", calls_all: "All", calls_polling: "Also polling", calls_none: "No calls yet.",
    request: "Request", response: "Response",
  },
  ru: {
    calls: "HTTP-запросы бота", calls_all: "Все", calls_polling: "И опросы тоже", calls_none: "Запросов ещё нет.",
    request: "Запрос", response: "Ответ",
  },
});

const KEPT = 300;
const POLLING = /getUpdates|\/status(\?|$)/;

/** Newest first; long bodies and secrets have been shortened and masked by the sandbox. */
export class CallList {
  constructor(root) {
    this.root = root;
    this.last = 0;
    this.loaded = false;
    this.filters = byId("call-filters");
    this.filters.addEventListener("change", () => this.filter());
    this.filter();
  }

  /** Take what has happened since the last time. */
  async load() {
    const calls = await api.calls(this.last);
    this.loaded = true;
    for (const call of calls.slice(-KEPT)) this.add(call);
  }

  /** Forget everything: numbers begin anew after a reset or with another server. */
  clear() {
    this.last = 0;
    this.loaded = false;
    this.root.replaceChildren();
  }

  add(call) {
    // Before the first look there is nothing to add to: `load` brings the earlier calls too.
    if (!this.loaded || call.seq <= this.last) return;
    this.last = call.seq;
    this.root.prepend(row(call));
    while (this.root.children.length > KEPT) this.root.lastElementChild.remove();
  }

  filter() {
    const service = this.filters.querySelector("[name=service]:checked").value;
    this.root.dataset.service = service;
    this.root.classList.toggle("with-polling", byId("calls-polling").checked);
  }
}

function row(call) {
  const polling = POLLING.test(call.path) ? "polling" : "";
  const ok = call.status > 0 && call.status < 400; // 0: closed without an answer
  const summary = h(
    "summary", {},
    h("span", { class: `service ${call.service}` }, call.service),
    h("span", { class: "call-name" }, shortName(call)),
    h("span", { class: ok ? "call-status" : "call-status bad" }, call.status > 0 ? String(call.status) : "×"),
    h("span", { class: "call-ms" }, `${Math.round(call.ms ?? 0)} ms`),
  );
  const details = h("details", { class: polling, data: { service: call.service } }, summary);
  // Bodies are drawn when somebody looks: three hundred of them would be slow.
  details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(bodies(call)), { once: true });
  return h("li", { class: `call ${call.service} ${polling}` }, details);
}

function shortName(call) {
  if (call.service === "telegram") return call.path.split("?")[0].split("/").pop();
  return `${call.method} ${call.path.replace(/^\/fal/, "")}`;
}

function bodies(call) {
  const address = h("p", { class: "call-path" }, `${call.method} ${call.path}`);
  return h(
    "div", { class: "call-bodies" }, address,
    h("h4", {}, t("request")), h("pre", { tabindex: "0" }, pretty(call.request)),
    h("h4", {}, t("response")), h("pre", { tabindex: "0" }, pretty(call.response)),
  );
}

function pretty(value) {
  if (value === null || value === undefined || value === "") return "∅";
  if (typeof value !== "string") return JSON.stringify(value, null, 2);
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
