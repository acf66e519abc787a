// Light or dark: as the device says, or as chosen here. A choice is kept on this device.

import { h } from "./dom.js";

const KEPT = "look";
const LOOKS = { device: "As the device", light: "Light", dark: "Dark" };

/** Show the page as chosen on an earlier visit. */
export function applyLook(look = kept()) {
  if (look === "device") delete document.documentElement.dataset.look;
  else document.documentElement.dataset.look = look;
}

/** The three ways to look, one of them pressed. */
export function lookSwitch() {
  const buttons = Object.entries(LOOKS).map(([look, words]) =>
    h("button", { type: "button", class: "look", "data-testid": `look-${look}`, onclick: () => choose(look) }, words),
  );
  const press = () => buttons.forEach((one, place) => one.setAttribute("aria-pressed", String(Object.keys(LOOKS)[place] === kept())));
  const choose = (look) => {
    localStorage.setItem(KEPT, look);
    applyLook(look);
    press();
  };
  press();
  return h("div", { class: "side-look", role: "group", "aria-label": "Look of the page" }, ...buttons);
}

function kept() {
  const look = localStorage.getItem(KEPT);
  return look in LOOKS ? look : "device";
}
