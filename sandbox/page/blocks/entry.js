// What a person enters: remembered for the form, and sent at once where Slack would send it.

import { plain } from "./text_object.js";

/** The element's state in the shape of `view.state.values`: what was entered, else its initial value. */
export function stateOf(block, element, surface) {
  return surface.recall(block, element) ?? initialState(element);
}

const INITIAL = {
  initial_option: "selected_option",
  initial_options: "selected_options",
  initial_date: "selected_date",
  initial_time: "selected_time",
  initial_date_time: "selected_date_time",
  initial_user: "selected_user",
  initial_users: "selected_users",
  initial_channel: "selected_channel",
  initial_conversation: "selected_conversation",
  initial_value: "value",
};

/** {type, selected_…|value} from the element's `initial_…`; only {type} when it has none. */
export function initialState(element) {
  const state = { type: element.type };
  for (const [given, name] of Object.entries(INITIAL)) {
    if (element[given] !== undefined) state[name] = element[given];
  }
  return state;
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
