// The sentences of the page, from the same Fluent files as those of the chat.
import { FluentBundle, FluentResource } from "./vendor/fluent/index.js";

let bundle = null;

export async function speak(language) {
  const answer = await fetch(new URL(`webapp.${language}.ftl`, import.meta.url));
  if (!answer.ok) throw new Error(`no sentences: ${answer.status}`);
  bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(await answer.text()));
  document.documentElement.lang = language;
}

export function t(key, values) {
  const message = bundle?.getMessage(key);
  return message?.value ? bundle.formatPattern(message.value, values) : key;
}
