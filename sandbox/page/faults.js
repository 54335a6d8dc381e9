// Faults to inject, each told in the newcomer's words; the sandbox does the rest.
import { api } from "./api.js";
import { h } from "./dom.js";
import { addStrings, t } from "./strings.js";
import { toast } from "./notices.js";

addStrings({
  en: {
    faults: "What goes wrong", fault_locked: "fal refuses: the balance is used up", fault_down: "fal is down (503)",
    fault_training: "Trainings fail", fault_nsfw: "Pictures are flagged NSFW",
    fault_person: "New models come out as somebody else",
    model_slow: "The language model is slow", model_refuses: "The language model refuses", model_bad_json: "The language model chats",
    model_is: "The language model here is a scripted double with a list of words.", fault_flood: "Telegram: too many requests (429), once",
    fault_outage: "Telegram is out for 10 s", fault_restart: "Kill the bot and start it again",
    calls_how: "fal's calls when a job ends", calls_come: "come", calls_lost: "are lost", calls_doubled: "come twice",
    calls_late: "come 20 s late", calls_out_of_order: "change places", calls_forged: "after forgeries",
    calls_for: "fal calls only a bot that has a PUBLIC_URL.",
    fault_set: "Done", no_bot: "The bot was not started by the sandbox, so it cannot be killed from here.",
  },
  ru: {
    faults: "Что ломается", fault_locked: "fal отказывает: баланс исчерпан", fault_down: "fal не работает (503)",
    fault_training: "Обучение не удаётся", fault_nsfw: "Картинки помечены как NSFW",
    fault_person: "Новые модели выходят похожими на другого",
    model_slow: "Языковая модель медлит", model_refuses: "Языковая модель отказывает", model_bad_json: "Языковая модель болтает",
    model_is: "Языковая модель здесь ненастоящая: это сценарий со списком слов.", fault_flood: "Telegram: слишком много запросов (429), один раз",
    fault_outage: "Telegram недоступен 10 с", fault_restart: "Убить бота и запустить снова",
    calls_how: "Вызовы fal о конце задания", calls_come: "приходят", calls_lost: "теряются", calls_doubled: "дважды",
    calls_late: "позже на 20 с", calls_out_of_order: "не по порядку", calls_forged: "после ложных",
    calls_for: "fal вызывает только бота, у которого задан PUBLIC_URL.",
    fault_set: "Готово", no_bot: "Бот запущен не песочницей, поэтому отсюда его не убить.",
  },
});

const FAL_DOWN = { service: "fal", match: "", kind: "status", status: 503, times: 0 };
const FLOOD = { service: "telegram", match: "Message", kind: "flood", seconds: 5, times: 1 };
const OUTAGE = { service: "telegram", match: "", kind: "drop_before", times: 0, for_s: 10 };
const MOODS = ["slow", "refuses", "bad_json"];
const CALLS = ["come", "lost", "doubled", "late", "out_of_order", "forged"];
const TRAINING_ERROR = "image_load_error";

const isFalDown = (fault) => fault.service === "fal" && fault.kind === "status" && fault.status === 503;

/** Faults are looked for when the switch is moved: what is drawn may be older than the last press. */
async function setDown(isOn) {
  if (isOn) return api.addFault(FAL_DOWN);
  const { faults } = await api.state();
  return Promise.all(faults.filter(isFalDown).map((fault) => api.removeFault(fault.id)));
}

/** The group of switches and buttons. `run(change)` makes a change and redraws. */
export function drawFaults({ sandbox, scenario, run }) {
  const set = (key, value) => api.setScenario({ [key]: value });
  const switches = [
    lasting("fault_locked", scenario.locked, (isOn) => set("locked", isOn), run),
    lasting("fault_down", sandbox.faults.some(isFalDown), setDown, run),
    lasting("fault_training", Boolean(scenario.fail_training), (isOn) => set("fail_training", isOn ? TRAINING_ERROR : null), run),
    lasting("fault_person", scenario.wrong_person, (isOn) => set("wrong_person", isOn), run),
    lasting("fault_nsfw", scenario.nsfw, (isOn) => set("nsfw", isOn), run),
    ...MOODS.map((mood) => {
      const on = scenario.language_model === mood;
      return lasting(`model_${mood}`, on, (isOn) => set("language_model", isOn ? mood : "works"), run);
    }),
    h("p", {}, t("model_is")),
    choice("calls_how", CALLS.map((name) => [name, t(`calls_${name}`)]), scenario.webhooks ?? "come", (name) =>
      run(() => set("webhooks", name === "come" ? null : name))),
    h("p", {}, t("calls_for")),
  ];
  const buttons = [
    once("fault_flood", () => api.addFault(FLOOD), run),
    once("fault_outage", () => api.addFault(OUTAGE), run),
    once("fault_restart", restart, run, sandbox.bot_running === null),
  ];
  const why = sandbox.bot_running === null ? [h("p", {}, t("no_bot"))] : [];
  return h("fieldset", {}, h("legend", {}, t("faults")), switches, buttons, why);
}

/** A switch for what holds until it is switched off; `change` is told which way it was moved, as
 *  it may be moved again before what the first move did is drawn. */
export function lasting(key, on, change, run) {
  const input = h("input", { type: "checkbox", role: "switch", id: key, checked: Boolean(on) });
  input.addEventListener("change", () => run(() => change(input.checked)));
  return h("label", { class: "switch" }, input, h("span", {}, t(key)));
}

/** A field in which one of several is chosen; `options` are pairs of a value and its words. */
export function choice(key, options, now, choose) {
  const select = h("select", { id: key }, options.map(([value, words]) => h("option", { value, selected: value === now }, words)));
  select.addEventListener("change", () => choose(select.value));
  return h("label", { class: "strip-field", for: key }, h("span", {}, t(key)), select);
}

function once(key, change, run, disabled = false) {
  const press = () => run(async () => {
    await change();
    toast(t("fault_set"));
  });
  return h("button", { type: "button", id: key, class: "strip-button", disabled, on: { click: press } }, t(key));
}

async function restart() {
  await api.steerBot("kill");
  await api.steerBot("start");
}
