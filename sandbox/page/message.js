// One message as a person sees it. A changed message keeps its node: only the blocks that differ are redrawn.

import { api } from "./api.js";
import { drawBlocks } from "./blocks/index.js";
import { h } from "./dom.js";
import { openMenu } from "./menu.js";
import { mrkdwn } from "./mrkdwn.js";
import { avatar } from "./sidebar.js";
import { statusMark } from "./status.js";
import { makeSurface } from "./surface.js";
import { dateText, timeText, timeWithSeconds } from "./time.js";
import { fileLines } from "./writing.js";

const parts = new WeakMap();

export function instantOfTs(ts) {
  return Number(ts) * 1000;
}

/**
 * The node for `message`; `old` is the node it had. `compact` leaves out the author, who just spoke.
 * `onReply` opens its thread; null where there is none (inside a thread, or for an ephemeral).
 */
export function drawMessage(app, channel, { message, compact }, { onReply }, old) {
  const node = old ?? newMessage(app, channel, message);
  const { head, body, foot, surface } = parts.get(node);
  node.className = `message${compact ? " is-compact" : ""}${message.ephemeral ? " is-ephemeral" : ""}`;
  head.replaceChildren(...headOf(app, message, compact));
  if (message.blocks?.length) {
    if (body.dataset.kind !== "blocks") body.replaceChildren();
    body.dataset.kind = "blocks";
    drawBlocks(body, message.blocks, surface);
  } else {
    body.dataset.kind = "text";
    body.replaceChildren(h("div", { class: "mrkdwn", dir: "auto" }, mrkdwn(message.text ?? "", app.names)));
  }
  foot.replaceChildren(...footOf(app, channel, message, onReply));
  return node;
}

function newMessage(app, channel, message) {
  const [head, body, foot] = ["head", "body", "foot"].map((part) => h("div", { class: `message-${part}` }));
  const surface = makeSurface(app, { type: "message", channel, ts: message.ts }, new Map());
  const author = authorOf(app, message);
  const node = h(
    "article",
    {
      "data-testid": "message",
      "data-ts": message.ts,
      "data-ephemeral": message.ephemeral ? "true" : null,
      "data-user": message.user ?? message.bot_id,
      "aria-label": `${author.name}, ${timeText(instantOfTs(message.ts), app.zone)}`,
    },
    h("div", { class: "message-side" }, avatar(author), smallTime(app, message)),
    h("div", { class: "message-main" }, head, body, foot),
  );
  parts.set(node, { head, body, foot, surface });
  return node;
}

function authorOf(app, message) {
  const person = app.person(message.user);
  if (message.bot_id || person?.is_bot) return person ?? { name: "App", initials: "A", is_bot: true };
  return person ?? { name: message.user ?? "Somebody", initials: "?" };
}

function headOf(app, message, compact) {
  const author = authorOf(app, message);
  const only = message.ephemeral ? [h("div", { class: "only-you", "data-testid": "only-you" }, "Only visible to you")] : [];
  if (compact) return only;
  const at = instantOfTs(message.ts);
  return [
    ...only,
    h("span", { class: "author", dir: "auto" }, author.name),
    statusMark(author) ?? "",
    author.is_bot ? h("span", { class: "app-tag" }, "APP") : "",
    h("time", { class: "quiet", title: `${dateText(at, app.zone)} ${timeWithSeconds(at, app.zone)}` }, timeText(at, app.zone)),
  ];
}

function smallTime(app, message) {
  return h("time", { class: "message-small-time", "aria-hidden": "true" }, timeText(instantOfTs(message.ts), app.zone));
}

function footOf(app, channel, message, onReply) {
  const nodes = fileLines(message.files);
  if (message.edited) nodes.push(h("span", { class: "quiet edited", "data-testid": "edited" }, "(edited)"));
  if (app.shortcuts.length && !message.ephemeral) nodes.push(moreActions(app, channel, message));
  if (!onReply) return nodes;
  const count = message.reply_count ?? 0;
  const words = count ? `${count} ${count === 1 ? "reply" : "replies"}` : "Reply in thread";
  nodes.push(
    h("button", { type: "button", class: `reply-link${count ? "" : " is-offer"}`, "data-testid": "open-thread", onclick: () => onReply(message.ts) }, words),
  );
  return nodes;
}

/** The menu with what the app offers on any message. */
function moreActions(app, channel, message) {
  const items = app.shortcuts.map(({ name, callback_id, description }) => ({ label: name, value: callback_id, description }));
  const choose = ({ value }) =>
    app.attempt(async () => {
      const { acked, error } = await api.shortcut(app.me.id, channel, message.ts, value);
      if (!acked) app.toast(`The app did not answer within 3 s.${error ? ` (${error})` : ""}`);
    });
  const open = (event) => openMenu({ anchor: event.currentTarget, items, label: "More actions", onPick: choose });
  return h("button", { type: "button", class: "reply-link is-offer is-more", "aria-label": "More actions", "aria-haspopup": "listbox", "data-testid": "more-actions", onclick: open }, "⋮");
}
