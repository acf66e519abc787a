// Slack's mrkdwn as DOM nodes. The text arrives with `&`, `<` and `>` escaped; what stands in real angle
// brackets is Slack's own markup. Entities are decoded last, into text nodes, so they can never become markup.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { formatRoute, parseRoute } from "./route.js";
import { slackDate } from "./time.js";

const SAFE_LINK = /^(https?:|mailto:|tel:)/i;
const DEAL_PAGE = /^https:\/\/app(?:-[a-z0-9]+)?\.hubspot\.com\/contacts\/\d+\/record\/0-3\/(\d+)$/;

/**
 * Nodes for `text`. `names` resolves ids: {user(id), channel(id), now(), zone}.
 * `verbatim` leaves bare links as text, as Slack's text objects allow.
 */
export function mrkdwn(text, names, { verbatim = false } = {}) {
  const nodes = [];
  text.split("```").forEach((part, index, parts) => {
    const fenced = index % 2 === 1 && index < parts.length - 1;
    if (fenced) nodes.push(h("pre", { class: "code-block" }, h("code", {}, decode(part.replace(/^\n|\n$/g, "")))));
    else if (index % 2 === 1) nodes.push(...lines("```" + part, names, verbatim));
    else nodes.push(...lines(besideFences(part, index, parts.length), names, verbatim));
  });
  return nodes;
}

/** A fence stands on its own; the line breaks that touch it are not blank lines. */
function besideFences(part, index, count) {
  const begin = index > 0 ? part.replace(/^\n/, "") : part;
  return index < count - 2 ? begin.replace(/\n$/, "") : begin;
}

function lines(text, names, verbatim) {
  if (!text) return [];
  const nodes = [];
  let quote = null;
  const all = text.split("\n");
  all.forEach((line, index) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/s.exec(line);
    const bullet = /^(\s*)([•◦▪‣])\s+(.*)$/s.exec(line);
    if (quoted) {
      if (!quote) nodes.push((quote = h("blockquote", { class: "quote" })));
      else quote.append(h("br"));
      quote.append(...inline(quoted[1], names, verbatim));
      return;
    }
    const after = quote || (nodes.length && nodes[nodes.length - 1].nodeName === "SPAN");
    quote = null;
    if (bullet) {
      const mark = h("span", { class: "bullet-mark", "aria-hidden": "true" }, bullet[2]);
      const item = h("span", { class: "bullet" }, mark, h("span", {}, inline(bullet[3], names, verbatim)));
      if (bullet[1]) item.classList.add("bullet-deep");
      nodes.push(item);
      return;
    }
    if (index > 0 && !after) nodes.push(h("br"));
    nodes.push(...inline(line, names, verbatim));
  });
  return nodes;
}

// A style opens after a space or punctuation and closes before one, and holds no space at its edges.
const BEFORE = "(?<![\\p{L}\\p{N}])";
const AFTER = "(?![\\p{L}\\p{N}])";
const styled = (mark) => `${BEFORE}[${mark}](?!\\s)([^\\n${mark}]*[^\\s${mark}])[${mark}]${AFTER}`;
const INLINE = new RegExp(
  [
    "`([^`\\n]+)`",
    "<([^<>\\n]+)>",
    styled("*"),
    styled("_"),
    styled("~"),
    ":([a-z0-9_+-]+):(?::skin-tone-[2-6]:)?",
    "(https?://[^\\s<>|*_~`]+[^\\s<>|*_~`.,;:!?)\\]'\"])",
  ].join("|"),
  "gu",
);

function inline(text, names, verbatim) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(decode(text.slice(from, match.index)));
    nodes.push(token(match, names, verbatim));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(decode(text.slice(from)));
  return nodes;
}

function token(match, names, verbatim) {
  const [whole, code, angle, bold, italic, strike, short, bare] = match;
  if (code !== undefined) return h("code", { class: "code" }, decode(code));
  if (angle !== undefined) return bracketed(angle, names);
  if (bold !== undefined) return h("strong", {}, inline(bold, names, verbatim));
  if (italic !== undefined) return h("em", {}, inline(italic, names, verbatim));
  if (strike !== undefined) return h("s", {}, inline(strike, names, verbatim));
  if (short !== undefined) return emoji(short) ? emojiNode(short) : decode(whole);
  return verbatim ? decode(bare) : link(decode(bare), decode(bare));
}

export function emojiNode(name) {
  return h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, emoji(name));
}

function bracketed(inside, names) {
  const bar = inside.indexOf("|");
  const target = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : decode(inside.slice(bar + 1));
  if (target.startsWith("@")) return mention(`@${names.user(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${names.channel(target.slice(1)) ?? label ?? target.slice(1)}`);
  if (target.startsWith("!")) return special(target.slice(1), label, names);
  const url = decode(target);
  return SAFE_LINK.test(url) ? link(url, label ?? url) : decode(`<${inside}>`);
}

function special(target, label, names) {
  const [kind, ...rest] = target.split("^");
  if (kind === "date" && rest.length >= 2) return date(rest, label, names);
  if (kind === "subteam") return mention(`@${names.group(rest[0]) ?? label?.replace(/^@/, "") ?? rest[0]}`);
  if (["here", "channel", "everyone"].includes(kind)) return mention(`@${kind}`);
  return mention(label ?? `@${rest[0] ?? kind}`);
}

function date([seconds, pattern, url], label, names) {
  const at = Number(seconds);
  const text = Number.isFinite(at) ? slackDate(at, decode(pattern), names.now(), names.zone) : (label ?? "");
  return url ? link(decode(url), text) : h("time", { datetime: isoOf(at) }, text);
}

function isoOf(seconds) {
  const instant = new Date(seconds * 1000);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

export function mention(text) {
  return h("span", { class: "mention", "data-testid": "mention" }, text);
}

/** A link in a new tab; a scheme that could run something is shown as text instead. */
export function link(url, label) {
  if (!SAFE_LINK.test(url)) return `${label}`;
  return h("a", { href: here(url), target: "_blank", rel: "noopener noreferrer" }, label);
}

/** HubSpot's page of a deal is the CRM tab here: outside there is no such deal. */
function here(url) {
  const deal = DEAL_PAGE.exec(url)?.[1];
  return deal ? formatRoute({ user: parseRoute(location.hash).user ?? "", view: "deal", deal }) : url;
}

/** Slack escapes exactly these three. */
export function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
