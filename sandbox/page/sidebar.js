// Who we act as, and where one can go. On a phone this is a drawer.

import { h, sync } from "./dom.js";
import { lookSwitch } from "./look.js";
import { closeMenu, isMenuOpenFor, openMenu } from "./menu.js";
import { formatRoute } from "./route.js";
import { setStatus, statusMark, statusWords } from "./status.js";
import { dateText, timeText } from "./time.js";

export function avatar(person, size = "") {
  const node = h("span", { class: `avatar ${size}`, "aria-hidden": "true" }, person?.initials ?? "?");
  if (person?.color) node.style.background = person.color.startsWith("#") ? person.color : `#${person.color}`;
  if (person?.is_bot) node.classList.add("avatar-app");
  return node;
}

export class Sidebar {
  #app;
  #node;
  #person;
  #lists;

  constructor(app, node) {
    this.#app = app;
    this.#node = node;
    this.#person = h("div", { class: "side-person" });
    this.#lists = h("div", { class: "side-lists" });
    node.append(h("div", { class: "side-name" }, "Renewals sandbox"), this.#person, this.#lists, lookSwitch());
    node.addEventListener("click", (event) => event.target.closest("a") && this.close());
    node.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  /** Draw from `app`; keeps the focus where it is. */
  draw() {
    const { me } = this.#app;
    const parts = [
      { part: "switcher", me },
      { part: "status", me },
    ];
    const draw = ({ part }) => (part === "switcher" ? this.#switcher(me) : this.#statusButton(me));
    sync(this.#person, parts, { key: ({ part }) => part + me.id, draw });
    const rows = [...this.#conversationRows(), ...this.#toolRows()];
    sync(this.#lists, rows, { key: (row) => row.key, draw: (row, old) => drawRow(row, old) });
  }

  open() {
    document.documentElement.classList.add("drawer-open");
    this.#node.querySelector('[data-testid="person-switch"]').focus();
  }

  close() {
    if (!document.documentElement.classList.contains("drawer-open")) return;
    document.documentElement.classList.remove("drawer-open");
    document.querySelector('[data-testid="drawer-open"]')?.focus();
  }

  #switcher(me) {
    const words = h("span", { class: "person-words" }, h("strong", { dir: "auto" }, me.name, statusMark(me)), h("small", {}, me.title));
    const button = h(
      "button",
      {
        type: "button",
        class: "person-switch",
        "data-testid": "person-switch",
        "data-user": me.id,
        "aria-haspopup": "listbox",
        "aria-expanded": "false",
        "aria-label": `Acting as ${me.name}, ${me.title}. Act as somebody else`,
      },
      avatar(me),
      words,
      h("span", { class: "select-arrow", "aria-hidden": "true" }, "▾"),
    );
    button.addEventListener("click", () => (isMenuOpenFor(button) ? closeMenu() : this.#choosePerson(button)));
    return button;
  }

  #statusButton(me) {
    const words = statusWords(me.status, me.tz);
    const onclick = () => setStatus(this.#app);
    return h("button", { type: "button", class: "status-set", "data-testid": "status-set", onclick }, words || "Set a status");
  }

  #choosePerson(anchor) {
    const now = this.#app.clock.now();
    const items = this.#app.names.people().map((person) => ({
      label: person.name,
      description: `${statusWords(person.status, person.tz) ? `${statusWords(person.status, person.tz)} · ` : ""}${person.title} · ${dateText(now, person.tz).slice(0, 3)} ${timeText(now, person.tz)}`,
      value: person.id,
      picked: person.id === this.#app.me.id,
    }));
    const { route } = this.#app;
    const place = ["crm", "deal", "traffic", "home"].includes(route.view) ? route : { view: "dm" };
    const onPick = ({ value }) => this.#app.go({ ...place, user: value });
    openMenu({ anchor, items, label: "Act as", onPick });
  }

  #conversationRows() {
    const { route, conversations, dm } = this.#app;
    const row = (one) => {
      const isAppDm = one.id === dm?.id;
      const place = isAppDm ? { view: "dm" } : { view: "channel", channel: one.id };
      const here = isAppDm ? ["dm", "home"].includes(route.view) : route.channel === one.id;
      return {
        key: one.id,
        testid: "conversation",
        id: one.id,
        mark: one.kind === "channel" ? "#" : "●",
        name: one.name,
        unread: here ? 0 : one.unread,
        href: formatRoute({ user: route.user, ...place }),
        here,
      };
    };
    const direct = conversations.filter((one) => one.kind === "dm").map(row);
    const channels = conversations.filter((one) => one.kind === "channel").map(row);
    return [heading("Direct messages"), ...direct, ...(channels.length ? [heading("Channels"), ...channels] : [])];
  }

  #toolRows() {
    const { route } = this.#app;
    const tool = (view, name, mark, here) => ({
      key: view,
      testid: `place-${view}`,
      mark,
      name,
      unread: 0,
      href: formatRoute({ user: route.user, view }),
      here,
    });
    return [
      heading("Behind the scenes"),
      tool("crm", "HubSpot CRM", "▤", ["crm", "deal"].includes(route.view)),
      tool("traffic", "Traffic", "⇅", route.view === "traffic"),
    ];
  }
}

function heading(text) {
  return { key: `heading ${text}`, heading: text };
}

function drawRow(row, old) {
  if (row.heading) return h("h2", { class: "side-heading" }, row.heading);
  const badge = row.unread
    ? h("span", { class: "unread", "data-testid": "unread", "aria-label": `${row.unread} unread` }, row.unread > 99 ? "99+" : row.unread)
    : null;
  const content = [h("span", { class: "side-mark", "aria-hidden": "true" }, row.mark), h("span", { class: "side-label", dir: "auto" }, row.name), badge];
  const link = old ?? h("a", { "data-testid": row.testid, "data-conversation": row.id });
  link.className = `side-row${row.unread ? " is-unread" : ""}`;
  link.href = row.href;
  if (row.here) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
  link.replaceChildren(...content.filter(Boolean));
  return link;
}
