// A message that the bot has prepared, sent from its Mini App into a chat that the person chooses.
import { api } from "./api.js";
import { addStrings, t } from "./strings.js";
import { toast } from "./notices.js";
import { ask } from "./webapp_popup.js";

addStrings({
  en: { share_with: "Share with…", share_saved: "Saved Messages", share_friend: "Nina", share_done: "Shared: {name}" },
  ru: { share_with: "Поделиться с…", share_saved: "Избранное", share_friend: "Нина", share_done: "Отправлено: {name}" },
});

/** Gives "" once it was sent, else the reason as Telegram names it (core.telegram.org/bots/webapps). */
export async function share(userId, id) {
  try {
    await api.prepared(userId, id);
  } catch (error) {
    return error.status === 410 ? "MESSAGE_EXPIRED" : "MESSAGE_SEND_FAILED";
  }
  const names = [t("share_saved"), t("share_friend")];
  const buttons = [...names.map((name) => ({ id: name, text: name })), { id: "", type: "cancel", text: t("cancel") }];
  const name = await ask({ title: t("share_with"), message: "", buttons });
  if (!name) return "USER_DECLINED";
  try {
    await api.share(userId, id, name);
  } catch {
    return "MESSAGE_SEND_FAILED";
  }
  toast(t("share_done", { name }));
  return "";
}
