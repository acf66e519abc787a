// A list to pick from, hung under the control that opened it. It lives outside the conversation, so that a
// message redrawn meanwhile does not close it.

import { controlFinder, h } from "./dom.js";

const GAP = 4;
const FILTER_FROM = 8;
const PAUSE_MS = 200;

let open = null;

/**
 * Open a menu; resolves nothing, calls `onPick(item)`. Items: {label, description?, group?, danger?, picked?}.
 * With `search` ({ask(typed), least}) the items are looked up while somebody types, from `least` characters.
 * With `many` a pick toggles, the menu stays open, and `onDone(items)` is called when it closes.
 */
export function openMenu({ anchor, items, label, onPick = () => {}, many = false, onDone = () => {}, search = null }) {
  closeMenu();
  const find = controlFinder(anchor);
  const list = h("div", { class: "menu-list", role: "listbox", "aria-label": label, tabIndex: -1 });
  if (many) list.setAttribute("aria-multiselectable", "true");
  const filter = search || items.length > FILTER_FROM ? filterBox(label) : null;
  const menu = h("div", { class: "menu", "data-testid": "menu" }, filter, list);
  const state = { menu, anchor, find, items, list, filter, onPick, many, onDone, search, at: -1, shown: [] };
  open = state;
  document.getElementById("menus").append(menu);
  anchor.setAttribute("aria-expanded", "true");
  show(state);
  place(state);
  filter?.addEventListener("input", () => (search ? lookUp(state) : show(state)));
  if (search) lookUp(state);
  menu.addEventListener("keydown", (event) => onKey(event, state));
  state.outside = (event) => {
    if (!menu.contains(event.target) && !anchor.contains(event.target)) closeMenu({ giveBack: false });
  };
  document.addEventListener("mousedown", state.outside, true);
  state.resized = () => place(state);
  window.addEventListener("resize", state.resized);
  const picked = items.findIndex((item) => item.picked);
  moveTo(state, Math.max(0, picked));
  (filter ?? list).focus();
}

/** Close the open menu, if any; by default the focus goes back to its control. */
export function closeMenu({ giveBack = true } = {}) {
  if (!open) return;
  const { menu, anchor, find, outside, resized, many, onDone, items } = open;
  open = null;
  menu.remove();
  document.removeEventListener("mousedown", outside, true);
  window.removeEventListener("resize", resized);
  anchor.setAttribute("aria-expanded", "false");
  if (giveBack) find()?.focus({ preventScroll: true });
  if (many) onDone(items.filter((item) => item.picked));
}

export function isMenuOpenFor(anchor) {
  return open?.anchor === anchor;
}

function filterBox(label) {
  return h("input", { class: "menu-filter", type: "text", placeholder: "Type to filter", "aria-label": `Filter ${label}` });
}

/** Ask for the items once somebody pauses; an answer to an older text is dropped. */
function lookUp(state) {
  const typed = state.filter.value.trim();
  clearTimeout(state.pause);
  if (typed.length < state.search.least) return say(state, `Type at least ${state.search.least} characters`);
  state.pause = setTimeout(async () => {
    say(state, "Looking…");
    try {
      state.items = await state.search.ask(typed);
      if (state.filter.value.trim() === typed) show(state);
    } catch (error) {
      say(state, error.message);
    }
  }, PAUSE_MS);
  return undefined;
}

function say(state, text) {
  state.shown = [];
  state.list.replaceChildren(h("div", { class: "menu-none" }, text));
}

function show(state) {
  const wanted = state.search ? "" : (state.filter?.value ?? "").trim().toLowerCase();
  state.shown = state.items.filter((item) => `${item.label} ${item.description ?? ""}`.toLowerCase().includes(wanted));
  let group = null;
  const rows = [];
  for (const item of state.shown) {
    if (item.group && item.group !== group) rows.push(h("div", { class: "menu-group", role: "presentation" }, item.group));
    group = item.group ?? null;
    rows.push(row(item, state));
  }
  if (!rows.length) return say(state, "Nothing found");
  state.list.replaceChildren(...rows);
  return moveTo(state, 0);
}

function row(item, state) {
  const tick = state.many || item.picked ? h("span", { class: "menu-tick", "aria-hidden": "true" }, item.picked ? "✓" : "") : null;
  const words = h("span", { class: "menu-words" }, h("span", { dir: "auto" }, item.label), item.description ? h("small", { dir: "auto" }, item.description) : null);
  return h(
    "div",
    {
      class: `menu-item${item.danger ? " is-danger" : ""}`,
      role: "option",
      "aria-selected": String(Boolean(item.picked)),
      "data-testid": "menu-item",
      "data-value": item.value,
      onclick: () => pick(item, state),
      onmousemove: () => moveTo(state, state.shown.indexOf(item)),
    },
    words,
    tick,
  );
}

function moveTo(state, index) {
  const rows = [...state.list.querySelectorAll(".menu-item")];
  state.at = rows.length ? (index + rows.length) % rows.length : -1;
  rows.forEach((node, at) => {
    node.id = `menu-item-${at}`;
    node.classList.toggle("is-at", at === state.at);
  });
  const focusHolder = state.filter ?? state.list;
  if (state.at >= 0) focusHolder.setAttribute("aria-activedescendant", `menu-item-${state.at}`);
  rows[state.at]?.scrollIntoView({ block: "nearest" });
}

function pick(item, state) {
  if (!state.many) {
    closeMenu();
    state.onPick(item);
    return;
  }
  item.picked = !item.picked;
  const at = state.at;
  show(state);
  moveTo(state, at);
}

function onKey(event, state) {
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) moveTo(state, state.at + steps[event.key]);
  else if (event.key === "Home" && !state.filter) moveTo(state, 0);
  else if (event.key === "End" && !state.filter) moveTo(state, state.shown.length - 1);
  else if (event.key === "Enter" || (event.key === " " && !state.filter)) state.at >= 0 && pick(state.shown[state.at], state);
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else if (event.key.length === 1 && !state.filter) return jump(event.key, state);
  else return undefined;
  event.preventDefault();
  return event.stopPropagation();
}

function jump(letter, state) {
  const at = state.shown.findIndex((item) => item.label.toLowerCase().startsWith(letter.toLowerCase()));
  if (at >= 0) moveTo(state, at);
}

/** Under the control if there is room, else above it; never outside the window. */
function place({ menu, anchor }) {
  const box = anchor.getBoundingClientRect();
  const { innerWidth: width, innerHeight: height } = window;
  const below = height - box.bottom - GAP * 2;
  const above = box.top - GAP * 2;
  const opensUp = below < Math.min(menu.offsetHeight, 240) && above > below;
  menu.style.maxHeight = `${Math.max(120, opensUp ? above : below)}px`;
  menu.style.minWidth = `${Math.min(box.width, width - GAP * 2)}px`;
  menu.style.left = `${Math.max(GAP, Math.min(box.left, width - menu.offsetWidth - GAP))}px`;
  menu.style.top = `${opensUp ? Math.max(GAP, box.top - menu.offsetHeight - GAP) : box.bottom + GAP}px`;
}
