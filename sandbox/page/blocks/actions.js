import { h } from "../dom.js";
import { drawElement } from "./elements.js";

/** A row of controls that wraps; what the app did not answer is said under the row. */
export function drawActions(block, surface) {
  const row = h("div", { class: "actions-row" }, block.elements.map((element) => drawElement(block, element, surface)));
  return h("div", {}, row);
}
