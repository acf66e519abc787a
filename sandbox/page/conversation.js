// A conversation, or one thread of it: messages oldest first, and the composer. A refresh changes only what
// changed; somebody reading further up stays where they are.

import { api } from "./api.js";
import { makeComposer } from "./composer.js";
import { emptyState, h, sync } from "./dom.js";
import { closeButton } from "./layers.js";
import { drawMessage, instantOfTs } from "./message.js";
import { formatRoute } from "./route.js";
import { dayHeading, isoDate, wallClock } from "./time.js";
import { Prompts } from "./writing.js";

const COMPACT_MS = 5 * 60_000;
const NEAR_END_PX = 80;

export class ConversationView {
  about = "messages";
  #app;
  #channel;
  #thread;
  #list = h("div", { class: "message-list", role: "log", tabIndex: 0, "data-testid": "messages" });
  #jump = h("button", { type: "button", class: "button jump", hidden: true, "aria-label": "To the newest message", "data-testid": "jump-to-newest" }, h("span", { class: "jump-words" }, "To the newest"), "↓");
  #composer;
  #prompts = null;
  #unreadAtOpening;
  #firstUnread = null;
  #newest = null;

  constructor(app, channel, thread = null) {
    this.#app = app;
    this.#channel = channel;
    this.#thread = thread;
    this.#unreadAtOpening = thread ? 0 : channel.unread;
    this.#composer = makeComposer(app, channel, thread, () => this.#toEnd());
    this.#list.setAttribute("aria-label", thread ? "Messages of the thread" : `Messages in ${channel.name}`);
    this.#jump.addEventListener("click", () => this.#toEnd());
    this.#list.addEventListener("scroll", () => {
      if (this.#nearEnd()) this.#jump.hidden = true;
    });
    const scroller = h("div", { class: "message-area" }, this.#list, this.#jump);
    if (channel.kind === "dm" && !thread) this.#prompts = new Prompts(app, channel);
    const below = [this.#prompts?.node, this.#composer.node].filter(Boolean);
    this.node = h("section", { class: "conversation", "data-channel": channel.id }, this.#head(), scroller, ...below);
    this.#prompts?.open();
  }

  get title() {
    return this.#channel.kind === "channel" ? `#${this.#channel.name}` : this.#channel.name;
  }

  focus() {
    this.#composer.focus();
  }

  async refresh() {
    const { messages } = await api.messages(this.#app.me.id, this.#channel.id, this.#thread);
    await this.#prompts?.refresh();
    const isFirst = this.#newest === null;
    const wasAtEnd = this.#nearEnd();
    const newest = messages.at(-1)?.ts ?? "";
    const fresh = isFirst ? null : messages.find((message) => message.ts > this.#newest)?.ts;
    this.#firstUnread ??= this.#findFirstUnread(messages);
    this.#newest = newest;
    if (!this.#thread) this.#app.hasRead(this.#channel.id);
    sync(this.#list, this.#rows(messages), {
      key: (row) => row.key,
      draw: (row, old) => this.#draw(row, old),
    });
    if (isFirst) this.#toBeginning();
    else if (fresh && (wasAtEnd || this.#app.expectsNews)) this.#toBeginningOf(fresh);
    else if (wasAtEnd) this.#toEnd();
    else if (fresh) this.#jump.hidden = false;
  }

  #head() {
    if (this.#thread) {
      const close = closeButton(() => this.#closeThread(), "thread-close");
      return h("header", { class: "view-head" }, h("h1", {}, "Thread ", h("small", { class: "quiet" }, this.title)), close);
    }
    const { route, dm, hasHome } = this.#app;
    const hasTabs = hasHome && this.#channel.id === dm?.id;
    return h("header", { class: "view-head" }, h("h1", { dir: "auto" }, this.title), hasTabs ? appTabs(route.user, "dm") : null);
  }

  #closeThread() {
    const { thread, ...place } = this.#app.route;
    this.#app.go(place);
    document.querySelector(`#main [data-ts="${CSS.escape(thread)}"] [data-testid="open-thread"]`)?.focus();
  }

  #rows(messages) {
    if (!messages.length) return [{ key: "none", none: true }];
    const { zone } = this.#app;
    const rows = [];
    let before = null;
    for (const message of messages) {
      const day = isoDate(wallClock(instantOfTs(message.ts), zone));
      if (!this.#thread && day !== before?.day) rows.push({ key: `day ${day}`, day, at: instantOfTs(message.ts) });
      if (message.ts === this.#firstUnread) rows.push({ key: "new", new: true });
      const compact = Boolean(before) && follows(before, message, day) && message.ts !== this.#firstUnread;
      rows.push({ key: message.ts, message, compact });
      before = { message, day };
    }
    return rows;
  }

  #draw(row, old) {
    if (row.none) return emptyState("Nothing here yet", this.#emptyHint(), this.#elsewhere());
    if (row.day) return h("div", { class: "day-line" }, h("span", {}, dayHeading(row.at, this.#app.clock.now(), this.#app.zone)));
    if (row.new) return h("div", { class: "new-line", "data-testid": "new-line" }, h("span", {}, "New"));
    const canReply = !this.#thread && !row.message.ephemeral;
    const onReply = canReply ? (ts) => this.#app.go({ ...this.#app.route, thread: row.message.thread_ts ?? ts }) : null;
    return drawMessage(this.#app, this.#channel.id, row, { onReply }, old);
  }

  #emptyHint() {
    if (this.#channel.kind !== "dm") return "Messages in this channel appear here.";
    const { me } = this.#app;
    if (me.roles.includes("rep")) return "The assistant writes at 08:30 on working days. Try “Next working day” above.";
    return "The assistant writes here when there is something for this person to decide.";
  }

  /** Where something new waits for this person, as a way out of an empty conversation. */
  #elsewhere() {
    const other = this.#app.conversations.find((one) => one.id !== this.#channel.id && one.unread > 0);
    if (!other) return null;
    const href = formatRoute({ user: this.#app.route.user, view: "channel", channel: other.id });
    return h("a", { class: "button button-primary", href, "data-testid": "go-elsewhere" }, `Read what is new in #${other.name}`);
  }

  #findFirstUnread(messages) {
    if (!this.#unreadAtOpening) return "";
    const fromOthers = messages.filter((message) => message.user !== this.#app.me.id);
    return fromOthers.at(-this.#unreadAtOpening)?.ts ?? "";
  }

  /** Where somebody coming in starts to read: what is new, else the end. */
  #toBeginning() {
    const line = this.#list.querySelector('[data-testid="new-line"]');
    this.#toEnd();
    line?.scrollIntoView({ block: "start" });
    this.#jump.hidden = this.#nearEnd();
  }

  /** What is new is read from its head, also when it is longer than the window. */
  #toBeginningOf(ts) {
    this.#toEnd();
    const message = this.#list.querySelector(`[data-ts="${CSS.escape(ts)}"]`);
    if (message && message.getBoundingClientRect().top < this.#list.getBoundingClientRect().top) message.scrollIntoView({ block: "start" });
    this.#jump.hidden = this.#nearEnd();
  }

  #nearEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #toEnd() {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#jump.hidden = true;
  }
}

function follows(before, message, day) {
  const sameAuthor = before.message.user === message.user && before.message.bot_id === message.bot_id;
  const soon = instantOfTs(message.ts) - instantOfTs(before.message.ts) < COMPACT_MS;
  return sameAuthor && soon && before.day === day && !message.ephemeral && !before.message.ephemeral;
}

/** The app's two tabs, as in Slack: Home and Messages. */
export function appTabs(user, here) {
  const tab = (view, name) =>
    h("a", { href: formatRoute({ user, view }), "aria-current": view === here ? "page" : null, "data-testid": `tab-${view}` }, name);
  return h("nav", { class: "tabs", "aria-label": "Renewals" }, tab("home", "Home"), tab("dm", "Messages"));
}
