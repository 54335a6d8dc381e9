// What the page itself says, in English and Russian. The bot's words come from the bot.
const TABLE = {
  en: {
    title: "NeuroPhoto demo", bot: "bot", bot_off: "bot is not running", bot_starting: "the bot is starting…", connecting: "connecting…",
    simulated: "simulated", strip: "Behind the scenes", skip: "Skip to the message field",
    messages: "Messages", loading: "Loading the chat…", today: "Today", yesterday: "Yesterday",
    placeholder: "Message", send: "Send", attach: "Attach", menu: "Menu", commands: "Commands",
    as_photos: "As photos", as_files: "As files", photos_hint: "compressed, as Telegram does",
    files_hint: "untouched bytes", samples: "Sample portraits",
    samples_title: "No photos at hand?", samples_text: "Send ten drawn portraits of one person.",
    person_0: "Maya", person_1: "Leo", person_2: "Robin", send_sample: "Send ten portraits: {name}",
    caption: "Add a caption…", cancel: "Cancel", close: "Close", ok: "OK", retry: "Send again",
    discard: "Discard", drop_photos: "Drop here to send as photos", drop_files: "Drop here to send as files",
    not_photos: { one: "One of these is not a photo and will go as a file.", other: "{n} of these are not photos and will go as files." },
    uploading: "Uploading, {n}%", processing: "Processing…", sending: "Sending",
    sent: "Sent", read: "Read", failed: "Not sent", edited: "edited", you: "You", edit: "Edit", editing: "Editing",
    photo: "Photo", photo_open: "Open photo {n} of {all}", video: "Video", file: "File",
    download: "Download", download_name: "Download {name}", prev: "Previous photo",
    next: "Next photo", actual: "Actual size", viewer: "Photo viewer", copied: "Copied to the clipboard",
    not_copied: "The browser did not allow copying", copy: "Copy", copy_code: "Copy {text}",
    silent_button: "The bot did not answer the button", not_imitated: "This button is not imitated here",
    to_bottom: "Scroll to the newest message", unread: "{n} new",
    reply_keyboard: "Quick replies", show_keyboard: "Show the quick replies",
    hide_keyboard: "Hide the quick replies", unblock: "Unblock the bot", spoiler: "Hidden text, press to show",
    down: "The demo server is not answering. The chat comes back by itself.", up: "Connected again",
    start: "START", start_title: "Portraits of yourself, made by a model trained on your photos",
    start_text: "This is a working copy of the whole bot, in your browser, with no accounts.",
    start_1: "Nothing leaves this machine.",
    start_2: "Telegram, fal.ai and the pictures are simulated; the bot is real.",
    start_3: "No photos at hand? Use Sample portraits.",
    starting_text: "The bot is starting. It takes a few seconds; what you write now is answered then.",
    send_n: "Send {n}", n_items: { one: "{n} item", other: "{n} items" }, remove: "Remove {name}",
    unsupported: "A message of a kind this page does not draw", reply_to: "Reply to the bot", pinned: "Pinned: {text}",
    action_typing: "typing", action_upload_photo: "sending photo", action_upload_video: "sending video",
    action_upload_document: "sending file", action_choose_sticker: "choosing a sticker",
    action_record_voice: "recording voice", action_find_location: "looking at the map",
  },
  ru: {
    title: "NeuroPhoto: демо", bot: "бот", bot_off: "бот не запущен", bot_starting: "бот запускается…", connecting: "соединение…",
    simulated: "имитация", strip: "За кулисами", skip: "К полю ввода",
    messages: "Сообщения", loading: "Загружаем чат…", today: "Сегодня", yesterday: "Вчера",
    placeholder: "Сообщение", send: "Отправить", attach: "Прикрепить", menu: "Меню", commands: "Команды",
    as_photos: "Как фото", as_files: "Как файлы", photos_hint: "со сжатием, как в Telegram",
    files_hint: "байт в байт", samples: "Готовые портреты",
    samples_title: "Нет фото под рукой?", samples_text: "Отправьте десять нарисованных портретов одного человека.",
    person_0: "Майя", person_1: "Лео", person_2: "Робин", send_sample: "Отправить десять портретов: {name}",
    caption: "Добавить подпись…", cancel: "Отмена", close: "Закрыть", ok: "Хорошо", retry: "Отправить снова",
    discard: "Убрать", drop_photos: "Отпустите, чтобы отправить как фото", drop_files: "Отпустите, чтобы отправить как файлы",
    not_photos: { one: "{n} из них не фото и уйдёт файлом.", few: "{n} из них не фото и уйдут файлами.", many: "{n} из них не фото и уйдут файлами.", other: "{n} из них не фото и уйдут файлами." },
    uploading: "Отправка, {n}%", processing: "Обработка…", sending: "Отправляется",
    sent: "Отправлено", read: "Прочитано", failed: "Не отправлено", edited: "изменено", you: "Вы", edit: "Изменить", editing: "Правка",
    photo: "Фото", photo_open: "Открыть фото {n} из {all}", video: "Видео", file: "Файл",
    download: "Скачать", download_name: "Скачать {name}", prev: "Предыдущее фото",
    next: "Следующее фото", actual: "Настоящий размер", viewer: "Просмотр фото", copied: "Скопировано",
    not_copied: "Браузер не разрешил копирование", copy: "Копировать", copy_code: "Копировать {text}",
    silent_button: "Бот не ответил на нажатие", not_imitated: "Такая кнопка здесь не имитируется",
    to_bottom: "К последнему сообщению", unread: "Новых: {n}",
    reply_keyboard: "Быстрые ответы", show_keyboard: "Показать быстрые ответы",
    hide_keyboard: "Скрыть быстрые ответы", unblock: "Разблокировать бота", spoiler: "Скрытый текст, нажмите, чтобы показать",
    down: "Сервер демо не отвечает. Чат вернётся сам.", up: "Снова на связи",
    start: "СТАРТ", start_title: "Ваши портреты от модели, обученной на ваших фото",
    start_text: "Это настоящий бот целиком, в вашем браузере и без регистрации.",
    start_1: "Ничего не покидает этот компьютер.",
    start_2: "Telegram, fal.ai и картинки имитируются; сам бот настоящий.",
    start_3: "Нет фото под рукой? Есть «Готовые портреты».",
    starting_text: "Бот запускается. Это займёт несколько секунд, после чего он ответит на всё, что вы напишете.",
    send_n: "Отправить {n}", n_items: { one: "{n} объект", few: "{n} объекта", many: "{n} объектов", other: "{n} объекта" },
    remove: "Убрать {name}",
    unsupported: "Сообщение такого вида страница не показывает", reply_to: "Ответ боту", pinned: "Закреплено: {text}",
    action_typing: "печатает", action_upload_photo: "отправляет фото", action_upload_video: "отправляет видео",
    action_upload_document: "отправляет файл", action_choose_sticker: "выбирает стикер",
    action_record_voice: "записывает голос", action_find_location: "смотрит на карту",
  },
};

let language = "en";
let plurals = new Intl.PluralRules(language);

/** Choose the page's language from a Telegram `language_code`: Russian or English. */
export function setLanguage(code) {
  language = (code ?? "").toLowerCase().startsWith("ru") ? "ru" : "en";
  plurals = new Intl.PluralRules(language);
  document.documentElement.lang = language;
  document.title = t("title");
}

/**
 * The language of a text: "ru" or "en" by its letters, null when it is short or mixed; addresses
 * do not count. A bot tells nobody which language it was switched to, but what it writes shows it.
 */
export function languageOf(text) {
  const words = text.replace(/\S+:\/\/\S+/g, "");
  const cyrillic = (words.match(/\p{Script=Cyrillic}/gu) ?? []).length;
  const latin = (words.match(/\p{Script=Latin}/gu) ?? []).length;
  if (cyrillic + latin < 20) return null;
  if (cyrillic > 4 * latin) return "ru";
  return latin > 4 * cyrillic ? "en" : null;
}

export const currentLanguage = () => language;

/** Add a module's own sentences, so that each part of the page keeps its words beside it. */
export function addStrings(strings) {
  for (const code of Object.keys(strings)) Object.assign(TABLE[code], strings[code]);
}

/** A sentence by its key; `{name}` is replaced from `values`, and `n` chooses the plural. */
export function t(key, values = {}) {
  let text = TABLE[language][key] ?? TABLE.en[key];
  if (text === undefined) throw new Error(`no sentence for ${key}`);
  if (typeof text === "object") text = text[plurals.select(values.n)] ?? text.other;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Whether a sentence exists (chat actions come from outside and may be unknown). */
export const knows = (key) => key in TABLE.en;

/** Write the texts of the static skeleton: `data-t` is the content, `data-t-label` the name. */
export function translateSkeleton(root = document) {
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    if (node.tagName === "BUTTON") node.title = t(node.dataset.tLabel);
  }
  for (const node of root.querySelectorAll("[data-t-placeholder]")) {
    node.placeholder = t(node.dataset.tPlaceholder);
  }
}

/** Clock time of a Unix timestamp in seconds, as Telegram writes it: 24 hours. */
export function clockTime(seconds) {
  return new Intl.DateTimeFormat(language, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  }).format(new Date(seconds * 1000));
}

/** "Today", "Yesterday" or the date, for the separators between days. */
export function dayName(seconds) {
  const day = new Date(seconds * 1000);
  const ago = Math.round((startOfDay(new Date()) - startOfDay(day)) / 86_400_000);
  if (ago === 0) return t("today");
  if (ago === 1) return t("yesterday");
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(day);
}

const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());

/** Size of a file for people: 1024 bytes are one KB, as Telegram counts. */
export function fileSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 1024 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}
