import { h } from "../dom.js";
import { drawElement } from "./elements.js";
import { plain } from "./text_object.js";

/** A labelled input with its hint; the form puts errors under it by block id. */
export function drawInput(block, surface) {
  const optional = block.optional ? h("span", { class: "optional" }, " (optional)") : null;
  const label = h("div", { class: "input-label", dir: "auto" }, plain(block.label), optional);
  const control = drawElement(block, block.element, surface);
  const counter = block.element.max_length ? lengthCounter(control, block.element) : null;
  const hint = block.hint ? h("div", { class: "input-hint", dir: "auto" }, plain(block.hint)) : null;
  return h("div", {}, label, control, counter, hint, h("div", { class: "input-error", role: "alert" }));
}

const SHOW_FROM = 0.8;

/** How many characters are left, once it begins to matter. */
function lengthCounter(control, { max_length: most }) {
  const node = h("div", { class: "input-hint input-count" });
  const count = () => {
    const left = most - control.value.length;
    node.textContent = control.value.length >= most * SHOW_FROM ? `${left} characters left` : "";
  };
  control.addEventListener("input", count);
  count();
  return node;
}
