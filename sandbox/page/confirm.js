// "Are you sure?", as an element's confirm object asks it.

import { drawText, plain } from "./blocks/text_object.js";
import { h } from "./dom.js";

/** Show the dialog; resolves to true for its confirm button and false for everything else. */
export function ask(layers, dialog, names) {
  return new Promise((resolve) => {
    let close = () => {};
    const answer = (said) => () => {
      close();
      resolve(said);
    };
    const yes = h(
      "button",
      {
        type: "button",
        class: `button ${dialog.style === "danger" ? "button-danger" : "button-primary"}`,
        "data-testid": "confirm-yes",
        onclick: answer(true),
      },
      plain(dialog.confirm),
    );
    const no = h("button", { type: "button", class: "button", "data-testid": "confirm-no", onclick: answer(false) }, plain(dialog.deny));
    const box = h(
      "div",
      { class: "dialog dialog-small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-text", "data-testid": "confirm" },
      h("h2", { id: "confirm-title", dir: "auto" }, plain(dialog.title)),
      h("div", { id: "confirm-text", class: "dialog-body" }, drawText(dialog.text, names, "div")),
      h("div", { class: "dialog-foot" }, no, yes),
    );
    close = layers.open(h("div", { class: "backdrop" }, box), { onEscape: answer(false), focus: yes });
  });
}
