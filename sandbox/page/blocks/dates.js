import { h } from "../dom.js";
import { instantOf, isoDate, parseDate, wallClock } from "../time.js";
import { enter, labelOf, stateOf } from "./entry.js";

// While a year is typed the browser reports 0002, 0020, 0202: those are not dates anybody picks.
const FIRST_YEAR = 1900;

export function drawDatePicker(block, element, surface) {
  const isWhole = (text) => !text || parseDate(text)?.year >= FIRST_YEAR;
  return picker("date", "selected_date", block, element, surface, { isWhole });
}

export function drawTimePicker(block, element, surface) {
  return picker("time", "selected_time", block, element, surface, {});
}

/** Slack keeps a date and time as seconds since the epoch; people see and enter it in their own zone. */
export function drawDateTimePicker(block, element, surface) {
  const { zone } = surface.names;
  const toText = (seconds) => {
    const wall = wallClock(seconds * 1000, zone);
    return `${isoDate(wall)}T${String(wall.hour).padStart(2, "0")}:${String(wall.minute).padStart(2, "0")}`;
  };
  const fromText = (text) => {
    const [hour, minute] = text.slice(11).split(":").map(Number);
    return instantOf(parseDate(text), hour, minute, zone) / 1000;
  };
  const isWhole = (text) => !text || parseDate(text)?.year >= FIRST_YEAR;
  return picker("datetime-local", "selected_date_time", block, element, surface, { toText, fromText, isWhole });
}

function picker(type, result, block, element, surface, { toText = (v) => v, fromText = (v) => v, isWhole = () => true }) {
  const current = stateOf(block, element, surface)[result];
  const input = h("input", {
    type,
    class: "field field-when",
    value: current === null ? "" : toText(current),
    "aria-label": labelOf(block, element),
  });
  let sent = input.value;
  input.addEventListener("change", () => {
    if (input.value === sent || !isWhole(input.value)) return;
    const before = sent;
    sent = input.value;
    const revert = () => {
      sent = before;
      input.value = before;
    };
    enter(block, element, surface, { [result]: input.value ? fromText(input.value) : null }, input, revert);
  });
  return input;
}
