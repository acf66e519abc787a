// Slack's text objects: plain_text is text with emoji, mrkdwn is Slack's markup.

import { h } from "../dom.js";
import { withEmoji } from "../emoji.js";
import { decode, mrkdwn } from "../mrkdwn.js";

/** A node for a text object; `dir=auto` keeps a right-to-left name from turning its neighbours around. */
export function drawText(text, names, tag = "span") {
  if (text.type === "mrkdwn") {
    return h(tag, { class: "mrkdwn", dir: "auto" }, mrkdwn(text.text, names, { verbatim: text.verbatim }));
  }
  return h(tag, { class: "plain", dir: "auto" }, plain(text));
}

/** The characters of a plain_text object. */
export function plain(text) {
  if (!text) return "";
  const decoded = decode(text.text);
  return text.emoji === false ? decoded : withEmoji(decoded);
}
