import { h } from "../dom.js";
import { plain } from "./text_object.js";

/** A picture, or its alternative text when it cannot be loaded. */
export function drawImageElement(element, className) {
  const source = element.image_url ?? element.slack_file?.url ?? "";
  const image = h("img", {
    class: className,
    src: source,
    alt: element.alt_text ?? "",
    loading: "lazy",
    referrerpolicy: "no-referrer",
  });
  image.addEventListener("error", () => {
    image.replaceWith(h("span", { class: "image-missing" }, element.alt_text || "picture"));
  });
  return image;
}

export function drawImageBlock(block) {
  const title = block.title ? h("figcaption", { dir: "auto" }, plain(block.title)) : null;
  return h("figure", {}, title, drawImageElement(block, "block-picture"));
}
