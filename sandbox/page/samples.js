// "Sample portraits": ten drawn photos of one of three people, for those with none at hand.
import { byId, h, placeAboveComposer } from "./dom.js";
import { t } from "./strings.js";

const PEOPLE = ["person_0", "person_1", "person_2"];

/** The small menu beside the attach button; a press on a face sends that person's portraits. */
export class Samples {
  constructor(sender) {
    this.sender = sender;
    this.menu = byId("samples-menu");
    placeAboveComposer(this.menu);
    this.menu.addEventListener("beforetoggle", (event) => {
      if (event.newState === "open") this.draw();
    });
  }

  draw() {
    byId("samples-faces").replaceChildren(...PEOPLE.map((key, n) => this.face(t(key), n)));
  }

  face(name, n) {
    const picture = h("img", { src: `/page/portrait-${n}.webp`, alt: "", width: "96", height: "128" });
    const label = t("send_sample", { name });
    const press = () => {
      this.menu.hidePopover();
      this.sender.sample(n, byId("samples-files").checked ? "document" : "photo");
      byId("field").focus();
    };
    return h("button", { type: "button", class: "face", autofocus: n === 0, "aria-label": label, on: { click: press } }, picture, h("span", {}, name));
  }
}
