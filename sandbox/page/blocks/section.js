import { h } from "../dom.js";
import { drawElement } from "./elements.js";
import { drawText } from "./text_object.js";

/** Text, up to ten fields in two columns, and one accessory beside them. */
export function drawSection(block, surface) {
  const text = block.text ? drawText(block.text, surface.names, "div") : null;
  const fields = block.fields?.map((field) => drawText(field, surface.names, "div"));
  const words = h(
    "div",
    { class: "section-words" },
    text,
    fields ? h("div", { class: "section-fields" }, fields) : null,
  );
  const accessory = block.accessory ? drawElement(block, block.accessory, surface) : null;
  const side = accessory ? h("div", { class: "section-accessory" }, accessory) : null;
  return h("div", {}, h("div", { class: "section-row" }, words, side));
}
