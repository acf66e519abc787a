import { h } from "../dom.js";
import { isMenuOpenFor, closeMenu, openMenu } from "../menu.js";
import { link } from "../mrkdwn.js";
import { enter } from "./entry.js";
import { plain } from "./text_object.js";

export function drawButton(block, element, surface) {
  const attributes = {
    class: `button ${element.style ? `button-${element.style}` : ""}`,
    "aria-label": element.accessibility_label,
    dir: "auto",
  };
  const opens = element.url ? link(element.url, plain(element.text)) : null;
  if (opens instanceof Node) return drawLinkButton(block, element, surface, attributes);
  const value = element.value === undefined ? {} : { value: element.value };
  const press = () => enter(block, element, surface, value, button);
  const button = h("button", { ...attributes, type: "button", onclick: press }, plain(element.text));
  return button;
}

/** A button with a URL opens it in a new tab, and the app is told as well. */
function drawLinkButton(block, element, surface, attributes) {
  const button = link(element.url, plain(element.text));
  button.className = attributes.class;
  if (attributes["aria-label"]) button.setAttribute("aria-label", attributes["aria-label"]);
  button.addEventListener("click", () => {
    const value = element.value === undefined ? {} : { value: element.value };
    surface.press(block, element, value, button);
  });
  return button;
}

export function drawOverflow(block, element, surface) {
  const button = h(
    "button",
    {
      type: "button",
      class: "button button-overflow",
      "aria-label": element.accessibility_label ?? "More actions",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
    },
    "⋯",
  );
  button.addEventListener("click", () => {
    if (isMenuOpenFor(button)) return closeMenu();
    const items = element.options.map((option) => ({
      label: plain(option.text),
      description: plain(option.description),
      value: option.value,
      option,
    }));
    const onPick = ({ option }) => {
      if (/^https?:/i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
      enter(block, element, surface, { selected_option: option }, button);
    };
    return openMenu({ anchor: button, items, label: "More actions", onPick });
  });
  return button;
}
