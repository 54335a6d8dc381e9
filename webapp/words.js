// The sentences of the page, from the same Fluent files as those of the chat.
const { FluentBundle, FluentResource } = globalThis.FluentBundle;

let bundle = null;

function take(language, sentences) {
  bundle = new FluentBundle(language, { useIsolating: false });
  bundle.addResource(new FluentResource(sentences));
  document.documentElement.lang = language;
}

// The page brings those of the phone's language with it.
take(document.documentElement.lang, document.getElementById("sentences").content.textContent);

export async function speak(language) {
  if (language === document.documentElement.lang) return;
  const answer = await fetch(new URL(`webapp.${language}.ftl`, import.meta.url));
  if (!answer.ok) throw new Error(`no sentences: ${answer.status}`);
  take(language, await answer.text());
}

export function t(key, values) {
  const message = bundle.getMessage(key);
  return message?.value ? bundle.formatPattern(message.value, values) : key;
}
