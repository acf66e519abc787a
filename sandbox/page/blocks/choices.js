import { h } from "../dom.js";
import { enter, labelOf, stateOf } from "./entry.js";
import { drawText } from "./text_object.js";

export function drawRadioButtons(block, element, surface) {
  const chosen = stateOf(block, element, surface).selected_option?.value;
  return group("radio", block, element, surface, (option) => option.value === chosen, (boxes, host, revert) => {
    const at = boxes.findIndex((box) => box.checked);
    enter(block, element, surface, { selected_option: element.options[at] }, host, revert);
  });
}

export function drawCheckboxes(block, element, surface) {
  const chosen = new Set(stateOf(block, element, surface).selected_options.map((option) => option.value));
  return group("checkbox", block, element, surface, (option) => chosen.has(option.value), (boxes, host, revert) => {
    const picked = element.options.filter((_, index) => boxes[index].checked);
    enter(block, element, surface, { selected_options: picked }, host, revert);
  });
}

function group(type, block, element, surface, isChosen, onChange) {
  const name = `${surface.scope}-${block.block_id ?? ""}-${element.action_id ?? ""}`;
  const boxes = element.options.map((option) => h("input", { type, name, checked: isChosen(option), value: option.value }));
  const rows = element.options.map((option, index) => {
    const about = option.description ? h("small", {}, drawText(option.description, surface.names)) : null;
    return h("label", { class: "choice" }, boxes[index], h("span", {}, drawText(option.text, surface.names), about));
  });
  const role = type === "radio" ? "radiogroup" : "group";
  const host = h("div", { class: "choices", role, "aria-label": labelOf(block, element) }, rows);
  let before = boxes.map((box) => box.checked);
  host.addEventListener("change", () => {
    const revert = () => boxes.forEach((box, index) => (box.checked = before[index]));
    const settled = () => (before = boxes.map((box) => box.checked));
    onChange(boxes, host, revert);
    if (!element.confirm) settled();
  });
  return host;
}
