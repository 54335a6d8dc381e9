// What several screens are made of.
import { html, nothing } from "../vendor/lit-html.js";
import * as bridge from "../bridge.js";
import { t } from "../words.js";

// What went wrong on a screen; the place is there from the beginning, so that readers hear of it.
export const problem = (screen) => html`<div class="problem" role="alert">
  ${screen.error || nothing} ${screen.error && screen.again ? html`<button class="plain" @click=${screen.again}>${t("page-retry")}</button>` : nothing}
</div>`;

export function choices(name, legend, offered, chosen, choose) {
  return html`
    <fieldset>
      <legend>${legend}</legend>
      <div class="choices">
        ${offered.map(
          ({ value, text, hint }) => html`<label>
            <input type="radio" name=${name} value=${value} .checked=${String(value) === String(chosen)}
              @change=${() => (bridge.tapped(), choose(value))} />
            <span>${text}${hint ? html`<small>${hint}</small>` : nothing}</span>
          </label>`,
        )}
      </div>
    </fieldset>
  `;
}

// What something costs, for those who pay or may know it; else nothing.
export function priced({ price_stars: stars, price_usd: usd }) {
  if (stars) return t("page-stars", { stars });
  return usd === null || usd === undefined ? "" : `$${Number(usd).toFixed(2)}`;
}

export const minutes = (seconds) => Math.max(1, Math.round(seconds / 60));

export function copyable(words) {
  return html`<button class="copy" aria-label=${t("page-copy", { words })} @click=${(event) => copy(event.currentTarget, words)}><code>${words}</code> 📋</button>`;
}

async function copy(button, words) {
  try {
    await navigator.clipboard.writeText(words);
    button.classList.add("copied");
    bridge.succeeded();
  } catch {
    getSelection().selectAllChildren(button.querySelector("code"));
  }
}
