// What a person enters: remembered for the form, and sent at once where Slack would send it.

import { plain } from "./text_object.js";

/** The element's state in the shape of `view.state.values`: what was entered, else its initial value. */
export function stateOf(block, element, surface) {
  return surface.recall(block, element) ?? initialState(element);
}

const STATE_KEYS = {
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  checkboxes: "selected_options",
  multi_static_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  channels_select: "selected_channel",
  conversations_select: "selected_conversation",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
};

/** Where an element keeps what was entered; undefined for one that keeps nothing, such as a button. */
export function stateKey(element) {
  return STATE_KEYS[element.type];
}

/** What the element starts with, in the same shape; nothing chosen is null, or [] where several can be. */
export function initialState(element) {
  const key = stateKey(element);
  const given = element[key === "value" ? "initial_value" : key.replace("selected", "initial")];
  return { type: element.type, [key]: given ?? (key.endsWith("s") ? [] : null) };
}

/** `view.state.values` of the blocks shown: initial values, overlaid with what was entered. */
export function formValues(blocks, recall) {
  const values = {};
  for (const block of blocks) {
    const inside = [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])];
    for (const element of inside.filter((one) => one && stateKey(one))) {
      (values[block.block_id] ??= {})[element.action_id] = recall(block, element) ?? initialState(element);
    }
  }
  return values;
}

/**
 * Take over what was entered. Asks the element's confirm dialog first; `revert` undoes the control when
 * the person says no. Elements in input blocks stay silent unless the block has dispatch_action.
 */
export async function enter(block, element, surface, value, host, revert = () => {}) {
  if (element.confirm && !(await surface.confirm(element.confirm))) return revert();
  surface.remember(block, element, { type: element.type, ...value });
  if (block.type !== "input" || block.dispatch_action) await surface.press(block, element, value, host);
  return undefined;
}

/** Remember without sending: while somebody is still typing. */
export function note(block, element, surface, value) {
  surface.remember(block, element, { type: element.type, ...value });
}

/** The words that name a control for a screen reader: the input's label, else what the element offers. */
export function labelOf(block, element) {
  return plain(block.label) || plain(element.placeholder) || element.accessibility_label || element.type.replaceAll("_", " ");
}
