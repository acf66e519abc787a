// Which module draws which interactive element.

import { h } from "../dom.js";
import { drawButton, drawOverflow } from "./buttons.js";
import { drawCheckboxes, drawRadioButtons } from "./choices.js";
import { drawDatePicker, drawDateTimePicker, drawTimePicker } from "./dates.js";
import { drawImageElement } from "./image.js";
import { drawManySelect, drawSelect } from "./selects.js";
import { drawNumberInput, drawTextInput } from "./text_inputs.js";

const DRAW = {
  button: drawButton,
  overflow: drawOverflow,
  static_select: drawSelect,
  external_select: drawSelect,
  users_select: drawSelect,
  channels_select: drawSelect,
  conversations_select: drawSelect,
  multi_static_select: drawManySelect,
  multi_users_select: drawManySelect,
  radio_buttons: drawRadioButtons,
  checkboxes: drawCheckboxes,
  datepicker: drawDatePicker,
  timepicker: drawTimePicker,
  datetimepicker: drawDateTimePicker,
  plain_text_input: drawTextInput,
  email_text_input: drawTextInput,
  url_text_input: drawTextInput,
  number_input: drawNumberInput,
};

/** The control for `element`, findable by its action and block id. */
export function drawElement(block, element, surface) {
  if (element.type === "image") return drawImageElement(element, "section-image");
  const draw = DRAW[element.type];
  if (!draw) return h("span", { class: "not-drawn" }, `A “${element.type}” element is not drawn by this page.`);
  const node = draw(block, element, surface);
  node.dataset.actionId = element.action_id ?? "";
  node.dataset.elementType = element.type;
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}
