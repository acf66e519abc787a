// Rich text, as Slack's own composer makes it: sections, lists, quotes and preformatted text.

import { h } from "../dom.js";
import { emoji } from "../emoji.js";
import { emojiNode, link, mention } from "../mrkdwn.js";
import { slackDate } from "../time.js";

export function drawRichText(block, { names }) {
  return h("div", {}, block.elements.map((part) => drawPart(part, names)));
}

function drawPart(part, names) {
  const inside = () => part.elements.map((one) => drawInline(one, names));
  if (part.type === "rich_text_list") {
    const items = part.elements.map((item) => h("li", { dir: "auto" }, drawPart(item, names)));
    const deep = part.indent ? ` indent-${Math.min(part.indent, 4)}` : "";
    return h(part.style === "ordered" ? "ol" : "ul", { class: `rich-list${deep}` }, items);
  }
  if (part.type === "rich_text_quote") return h("blockquote", { class: "quote" }, inside());
  if (part.type === "rich_text_preformatted") return h("pre", { class: "code-block" }, h("code", {}, inside()));
  return h("div", { class: "rich-section", dir: "auto" }, inside());
}

function drawInline(one, names) {
  const make = {
    text: () => one.text,
    link: () => link(one.url, one.text ?? one.url),
    emoji: () => (emoji(one.name) ? emojiNode(one.name) : `:${one.name}:`),
    user: () => mention(`@${names.user(one.user_id) ?? one.user_id}`),
    channel: () => mention(`#${names.channel(one.channel_id) ?? one.channel_id}`),
    broadcast: () => mention(`@${one.range}`),
    date: () => slackDate(one.timestamp, one.format, names.now(), names.zone),
  }[one.type];
  return withStyle(make ? make() : (one.text ?? ""), one.style ?? {});
}

function withStyle(content, style) {
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code" };
  return Object.entries(tags).reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), content);
}
