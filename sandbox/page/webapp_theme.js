// The colours that a Mini App is told: those of this page.
const COLORS = {
  bg_color: "--panel",
  secondary_bg_color: "--panel-2",
  section_bg_color: "--panel",
  header_bg_color: "--panel",
  bottom_bar_bg_color: "--panel",
  section_separator_color: "--line",
  text_color: "--text",
  hint_color: "--muted",
  subtitle_text_color: "--muted",
  section_header_text_color: "--accent",
  accent_text_color: "--accent",
  link_color: "--accent",
  button_color: "--accent",
  button_text_color: "--on-accent",
  destructive_text_color: "--danger",
};

/** Telegram's ThemeParams, as an element shows them now. */
export function themeOf(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(
    Object.entries(COLORS).map(([name, property]) => [name, style.getPropertyValue(property).trim()]),
  );
}
