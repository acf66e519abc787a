import { h } from "../dom.js";
import { enter, labelOf, note, stateOf } from "./entry.js";
import { plain } from "./text_object.js";

const TYPES = { email_text_input: "email", url_text_input: "url" };

export function drawTextInput(block, element, surface) {
  const tag = element.multiline ? "textarea" : "input";
  const field = h(tag, {
    class: `field${element.multiline ? " field-lines" : ""}`,
    type: element.multiline ? null : (TYPES[element.type] ?? "text"),
    rows: element.multiline ? 4 : null,
    maxlength: element.max_length,
    placeholder: plain(element.placeholder) || null,
    autocomplete: "off",
    value: stateOf(block, element, surface).value ?? "",
    "aria-label": labelOf(block, element),
  });
  return typed(field, block, element, surface);
}

export function drawNumberInput(block, element, surface) {
  const field = h("input", {
    class: "field field-number",
    type: "text",
    inputmode: element.is_decimal_allowed ? "decimal" : "numeric",
    placeholder: plain(element.placeholder) || null,
    autocomplete: "off",
    value: stateOf(block, element, surface).value ?? "",
    "aria-label": labelOf(block, element),
  });
  return typed(field, block, element, surface);
}

/** Typing is remembered letter by letter; the app hears of it on Enter, or per letter if it asked for that. */
function typed(field, block, element, surface) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const value = () => ({ value: field.value || null });
  field.addEventListener("input", () => {
    note(block, element, surface, value());
    if (block.dispatch_action && triggers.includes("on_character_entered")) enter(block, element, surface, value(), field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    const sends = (block.dispatch_action || block.type !== "input") && triggers.includes("on_enter_pressed");
    if (!sends) return;
    event.preventDefault();
    enter(block, element, surface, value(), field);
  });
  return field;
}
