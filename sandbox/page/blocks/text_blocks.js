// The blocks that only say something: header, divider, context, markdown.

import { h } from "../dom.js";
import { drawImageElement } from "./image.js";
import { drawText, plain } from "./text_object.js";

export function drawHeader(block) {
  return h("h3", { dir: "auto" }, plain(block.text));
}

export function drawDivider() {
  return h("hr");
}

export function drawContext(block, { names }) {
  const draw = (part) => (part.type === "image" ? drawImageElement(part, "context-image") : drawText(part, names));
  return h("div", {}, block.elements.map(draw));
}

/** Standard Markdown, of which headings, lists, bold and italic matter in messages. */
export function drawMarkdown(block, { names }) {
  const slackish = block.text
    .replace(/^#{1,6} +(.*)$/gm, "*$1*")
    .replace(/\*\*([^*\n]+)\*\*/g, "*$1*")
    .replace(/^(\s*)[-*] +/gm, "$1• ");
  return drawText({ type: "mrkdwn", text: slackish }, names, "div");
}
