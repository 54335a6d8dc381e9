// The buttons below a Mini App, which its page sets up and is told of: main and secondary.
import { byId, h } from "./dom.js";

const COLOR = /^#[0-9a-f]{6}$/i;
const POSITIONS = new Set(["left", "right", "top", "bottom"]);

/** Owns the bar; `send(event)` tells the page. */
export class AppButtons {
  constructor(send) {
    this.send = send;
    this.clear();
  }

  clear() {
    this.about = { main: {}, secondary: {} };
    this.draw();
  }

  /** Take what the page says of a button; what it does not name stays. */
  set(which, about) {
    this.about[which] = { ...this.about[which], ...about };
    this.draw();
  }

  draw() {
    const shown = ["secondary", "main"].filter((which) => this.isShown(which));
    const bar = byId("app-buttons");
    const held = bar.querySelector(":focus")?.id;
    bar.replaceChildren(...shown.map((which) => this.button(which)));
    bar.hidden = shown.length === 0;
    const { position } = this.about.secondary;
    bar.dataset.secondary = POSITIONS.has(position) ? position : "left";
    if (held) byId(held)?.focus();
  }

  /** As in Telegram, a button without a text is not shown. */
  isShown(which) {
    const { is_visible: isVisible, text } = this.about[which];
    return isVisible === true && String(text ?? "").trim() !== "";
  }

  button(which) {
    const { text, color, text_color: textColor, is_active: isActive, is_progress_visible: waits } = this.about[which];
    const press = () => this.send(`${which}_button_pressed`);
    const button = h(
      "button",
      { type: "button", id: `app-${which}`, class: which === "main" ? "primary" : "quiet", disabled: isActive === false, on: { click: press } },
      h("span", { dir: "auto" }, String(text)),
      waits ? h("span", { class: "app-progress", "aria-hidden": "true" }) : null,
    );
    if (waits) button.setAttribute("aria-busy", "true");
    if (COLOR.test(color ?? "")) button.style.backgroundColor = color;
    if (COLOR.test(textColor ?? "")) button.style.color = textColor;
    return button;
  }
}
