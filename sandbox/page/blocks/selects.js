// Select menus: from fixed options, from the workspace's people and channels, or as the app answers.

import { h } from "../dom.js";
import { closeMenu, isMenuOpenFor, openMenu } from "../menu.js";
import { enter, labelOf, stateKey, stateOf } from "./entry.js";
import { plain } from "./text_object.js";

/** One choice out of a list. */
export function drawSelect(block, element, surface) {
  const result = stateKey(element);
  const isOption = result === "selected_option";
  const button = selectButton(block, element);
  let chosen = stateOf(block, element, surface)[result];
  const show = () => showChoice(button, element, chosen ? nameOf(chosen, isOption, surface) : null);
  const onPick = (item) => {
    const before = chosen;
    chosen = isOption ? item.option : item.value;
    show();
    const revert = () => {
      chosen = before;
      show();
    };
    enter(block, element, surface, { [result]: chosen }, button, revert);
  };
  button.addEventListener("click", () => {
    if (isMenuOpenFor(button)) return closeMenu();
    const current = isOption ? chosen?.value : chosen;
    const label = labelOf(block, element);
    const picked = (item) => ({ ...item, picked: item.value === current });
    if (element.type !== "external_select") {
      return openMenu({ anchor: button, items: itemsFor(element, surface).map(picked), label, onPick });
    }
    const least = element.min_query_length ?? 3;
    const search = async (typed) => optionItems(await surface.suggest(block, element, typed)).map(picked);
    return openMenu({ anchor: button, items: [], label, onPick, search: { ask: search, least } });
  });
  show();
  return button;
}

/** Any number of choices; sent once, when the menu closes. */
export function drawManySelect(block, element, surface) {
  const result = stateKey(element);
  const isOption = result === "selected_options";
  const button = selectButton(block, element);
  let chosen = stateOf(block, element, surface)[result];
  const show = () => showChoice(button, element, chosen.map((one) => nameOf(one, isOption, surface)).join(", "));
  button.addEventListener("click", () => {
    if (isMenuOpenFor(button)) return closeMenu();
    const taken = new Set(chosen.map((one) => (isOption ? one.value : one)));
    const items = itemsFor(element, surface).map((item) => ({ ...item, picked: taken.has(item.value) }));
    const onDone = (picked) => {
      const now = picked.map((item) => (isOption ? item.option : item.value));
      if (JSON.stringify(now) === JSON.stringify(chosen)) return;
      chosen = now;
      show();
      enter(block, element, surface, { [result]: chosen }, button);
    };
    return openMenu({ anchor: button, items, label: labelOf(block, element), many: true, onDone });
  });
  show();
  return button;
}

function selectButton(block, element) {
  return h("button", {
    type: "button",
    class: "button select",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": labelOf(block, element),
  });
}

function showChoice(button, element, name) {
  const text = name || plain(element.placeholder) || "Choose…";
  const words = h("span", { class: name ? "select-words" : "select-words is-placeholder", dir: "auto" }, text);
  button.replaceChildren(words, h("span", { class: "select-arrow", "aria-hidden": "true" }, "▾"));
  button.setAttribute("aria-label", `${button.getAttribute("aria-label").split(": ")[0]}: ${text}`);
}

function nameOf(chosen, isOption, { names }) {
  return isOption ? plain(chosen.text) : (names.user(chosen) ?? names.channel(chosen) ?? chosen);
}

function itemsFor(element, surface) {
  if (element.type.endsWith("users_select")) return surface.names.people().map(toItem);
  if (/channels_select|conversations_select/.test(element.type)) return surface.names.channels().map(toItem);
  return optionItems(element);
}

function toItem({ id, name }) {
  return { label: name, value: id };
}

function optionItems({ options, option_groups: groups }) {
  const item = (group) => (option) => ({
    label: plain(option.text),
    description: plain(option.description),
    value: option.value,
    group,
    option,
  });
  if (groups) return groups.flatMap((group) => group.options.map(item(plain(group.label))));
  return (options ?? []).map(item(undefined));
}
