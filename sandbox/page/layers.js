// Dialogs above the page. The one on top has the focus, everything under it is inert; Tab stays inside,
// Escape asks the dialog to close, and closing gives the focus back to where it was.

import { controlFinder, focusables, h } from "./dom.js";

export class Layers {
  #page;
  #host;
  #open = [];

  constructor(page, host) {
    this.#page = page;
    this.#host = host;
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  get isOpen() {
    return this.#open.length > 0;
  }

  /** Put `node` on top. `onEscape` decides what Escape and a click beside it do. Returns how to take it away. */
  open(node, { onEscape, focus = null }) {
    const layer = { node, onEscape, find: controlFinder(document.activeElement) };
    node.addEventListener("mousedown", (event) => {
      if (event.target === node) layer.pressedBeside = true;
    });
    node.addEventListener("click", (event) => {
      if (event.target === node && layer.pressedBeside) onEscape();
      layer.pressedBeside = false;
    });
    this.#open.push(layer);
    this.#host.append(node);
    this.#arrange();
    (focus ?? this.#firstStop(node))?.focus();
    return () => this.#take(layer);
  }

  #firstStop(node) {
    const inBody = node.querySelector("[data-layer-body]");
    return (inBody && focusables(inBody)[0]) ?? focusables(node)[0] ?? null;
  }

  #take(layer) {
    const index = this.#open.indexOf(layer);
    if (index < 0) return;
    this.#open.splice(index, 1);
    layer.node.remove();
    this.#arrange();
    layer.find()?.focus({ preventScroll: true });
  }

  #arrange() {
    const top = this.#open.at(-1);
    this.#page.inert = Boolean(top);
    for (const { node } of this.#open) node.inert = node !== top?.node;
    document.documentElement.classList.toggle("has-layer", Boolean(top));
  }

  #onKey(event) {
    const top = this.#open.at(-1);
    if (!top || event.defaultPrevented) return;
    if (event.key === "Escape") {
      event.preventDefault();
      top.onEscape();
    } else if (event.key === "Tab") {
      this.#keepInside(event, top.node);
    }
  }

  #keepInside(event, node) {
    const stops = focusables(node);
    if (!stops.length) return event.preventDefault();
    const [first, last] = [stops[0], stops.at(-1)];
    const active = document.activeElement;
    const leaves = event.shiftKey ? active === first : active === last;
    if (!leaves && node.contains(active)) return undefined;
    event.preventDefault();
    return (event.shiftKey ? last : first).focus();
  }
}

/** The ✕ of a dialog or panel. */
export function closeButton(onclick, testid = "dialog-close") {
  return h("button", { type: "button", class: "button button-bare", "aria-label": "Close", "data-testid": testid, onclick }, "✕");
}
