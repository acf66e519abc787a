// What Slack's own client refuses before it asks the app, and how errors are shown on their fields.

import { stateKey } from "./blocks/entry.js";
import { focusables } from "./dom.js";

/** {block_id: sentence} for required inputs left empty and texts too short or not a number. */
export function problemsOf(blocks, values) {
  const problems = {};
  for (const block of blocks.filter((one) => one.type === "input" && stateKey(one.element))) {
    const problem = problemOf(block, values[block.block_id][block.element.action_id]);
    if (problem) problems[block.block_id] = problem;
  }
  return problems;
}

function problemOf({ optional, element }, state) {
  const entered = state[stateKey(element)];
  const empty = entered === null || entered === "" || (Array.isArray(entered) && !entered.length);
  if (empty) return optional ? null : "Please complete this required field.";
  if (element.min_length && entered.length < element.min_length) return `Please enter at least ${element.min_length} characters.`;
  return element.type === "number_input" ? numberProblem(element, entered) : null;
}

function numberProblem({ is_decimal_allowed: decimals, min_value: least, max_value: most }, entered) {
  const value = Number(entered);
  if (!Number.isFinite(value)) return "Please enter a number.";
  if (!decimals && !Number.isInteger(value)) return "Please enter a whole number.";
  if (least !== undefined && value < Number(least)) return `Please enter ${least} or more.`;
  if (most !== undefined && value > Number(most)) return `Please enter ${most} or less.`;
  return null;
}

/** Put each sentence under its block, focus the first; true if there was any. */
export function showProblems(form, problems) {
  for (const block of form.querySelectorAll(".block-input")) {
    const sentence = problems[block.dataset.blockId] ?? "";
    const place = block.querySelector(".input-error");
    place.textContent = sentence;
    block.classList.toggle("has-error", Boolean(sentence));
    for (const control of focusables(block)) {
      if (sentence) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }
  const first = form.querySelector(".has-error");
  if (first) focusables(first)[0]?.focus();
  return Boolean(first);
}
