// The page's beginning: who is here, where we are, and what is shown. `app` is what all parts share.

import { api } from "./api.js";
import { ClockBar } from "./clock_bar.js";
import { ask } from "./confirm.js";
import { ConversationView } from "./conversation.js";
import { CrmView } from "./crm.js";
import { DealView } from "./crm_deal.js";
import { emptyState, h } from "./dom.js";
import { HomeView } from "./home.js";
import { Layers } from "./layers.js";
import { listen, Refresher } from "./live.js";
import { closeMenu } from "./menu.js";
import { applyLook } from "./look.js";
import { Modals } from "./modals.js";
import { Pages } from "./pages.js";
import { formatRoute, parseRoute } from "./route.js";
import { Sidebar } from "./sidebar.js";
import { BusinessClock } from "./time.js";
import { TrafficView } from "./traffic.js";

const TOAST_MS = 6000;
const NEWS_MS = 15_000;

class App {
  people = [];
  groups = [];
  commands = [];
  shortcuts = [];
  conversations = [];
  clock = new BusinessClock();
  route = parseRoute(location.hash);
  drafts = new Map();
  #newsUntil = 0;
  #byId = new Map();
  #stopListening = () => {};

  constructor() {
    this.layers = new Layers(document.getElementById("page"), document.getElementById("layers"));
    this.refresh = {
      messages: new Refresher(() => this.#reloadMessages()),
      views: new Refresher(() => this.modals.refresh()),
      home: new Refresher(() => this.pages.refresh("home")),
      clock: new Refresher(() => this.#reloadClock()),
      people: new Refresher(() => this.#reloadPeople()),
      crm: new Refresher(() => this.pages.refresh("crm")),
      traffic: new Refresher(() => this.pages.refresh("traffic")),
    };
  }

  get me() {
    return this.#byId.get(this.route.user);
  }

  get zone() {
    return this.me.tz;
  }

  person(id) {
    return this.#byId.get(id);
  }

  /** Whether the app has a Home tab; without one its messages are all there is. */
  get hasHome() {
    return this.people.some((person) => person.has_home);
  }

  get dm() {
    return this.conversations.find((one) => one.kind === "dm");
  }

  /** What Block Kit needs to name people, channels and times. */
  get names() {
    return {
      user: (id) => this.person(id)?.name,
      channel: (id) => this.conversations.find((one) => one.id === id)?.name,
      group: (id) => this.groups.find((one) => one.id === id)?.handle,
      people: () => this.people.filter((person) => !person.is_bot),
      channels: () => this.conversations.filter((one) => one.kind === "channel"),
      now: () => this.clock.now(),
      zone: this.zone,
    };
  }

  /** Somebody moved the clock to see what comes: for a while, what comes is shown wherever they had read. */
  awaitNews() {
    this.#newsUntil = performance.now() + NEWS_MS;
  }

  get expectsNews() {
    return performance.now() < this.#newsUntil;
  }

  /** What stands on the screen is read. */
  hasRead(channel) {
    for (const one of this.conversations) if (one.id === channel) one.unread = 0;
  }

  confirm(dialog) {
    return ask(this.layers, dialog, this.names);
  }

  /** Go to a place, keeping who we act as unless `change.user` says otherwise. */
  go(change) {
    const { user } = this.route;
    location.hash = formatRoute({ user, ...change });
  }

  toast(text) {
    const node = h("div", { class: "toast", "data-testid": "toast" }, text);
    document.getElementById("toasts").append(node);
    setTimeout(() => node.remove(), TOAST_MS);
  }

  /** Run what a click started; what goes wrong is said, never swallowed. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  async start() {
    [this.commands, this.shortcuts] = await Promise.all([api.commands(), api.shortcuts(), this.#loadPeople()]);
    this.clock.hear((await api.clock()).now);
    if (!this.me || this.me.is_bot) {
      const first = this.people.find((person) => !person.is_bot);
      this.route = { user: first.id, view: "dm" };
      history.replaceState(null, "", formatRoute(this.route));
    }
    this.sidebar = new Sidebar(this, document.getElementById("sidebar"));
    this.clockBar = new ClockBar(this, document.getElementById("clock-bar"));
    this.modals = new Modals(this);
    this.pages = new Pages(this, { ConversationView, HomeView, CrmView, DealView, TrafficView });
    window.addEventListener("hashchange", () => this.attempt(() => this.#moved()));
    document.addEventListener("keydown", (event) => this.#onKey(event));
    await this.#actAs();
  }

  async #moved() {
    const before = this.route;
    const next = parseRoute(location.hash);
    const known = next.user && this.person(next.user) && !this.person(next.user).is_bot;
    this.route = known ? next : { ...next, user: before.user };
    closeMenu({ giveBack: false });
    this.clockBar.fold();
    if (this.route.user !== before.user) return this.#actAs();
    return this.pages.show();
  }

  async #actAs() {
    this.#stopListening();
    this.modals.forget();
    this.conversations = await api.conversations(this.me.id);
    this.sidebar.draw();
    this.clockBar.draw();
    await this.pages.show({ anew: true });
    this.refresh.views.ask();
    const { id } = this.me;
    this.#stopListening = listen(() => api.events(id), {
      onChange: ({ what }) => this.refresh[what]?.ask(),
      onState: (state) => this.#connection(state),
    });
  }

  #connection(state) {
    this.clockBar.showConnection(state);
    if (state === "live") Object.values(this.refresh).forEach((refresher) => refresher.ask());
  }

  async #reloadMessages() {
    const { id } = this.me;
    await this.attempt(async () => {
      await this.pages.refresh("messages");
      const conversations = await api.conversations(id);
      if (this.me.id !== id) return;
      this.conversations = conversations;
      this.sidebar.draw();
    });
  }

  async #loadPeople() {
    [this.people, this.groups] = await Promise.all([api.people(), api.groups()]);
    this.#byId = new Map(this.people.map((person) => [person.id, person]));
  }

  async #reloadPeople() {
    await this.attempt(() => this.#loadPeople());
    this.sidebar.draw();
  }

  async #reloadClock() {
    await this.attempt(async () => this.clock.hear((await api.clock()).now));
    this.clockBar.draw();
  }

  /** "/" goes to the composer from anywhere but a field. */
  #onKey(event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || this.layers.isOpen) return;
    if (event.target.closest("input, textarea, select, [contenteditable], .menu")) return;
    const composer = document.querySelector('#main [data-testid="composer"]');
    if (!composer) return;
    event.preventDefault();
    composer.focus();
    if (composer.value === "") {
      composer.value = "/";
      composer.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

applyLook();
const app = new App();
app.start().catch((error) => {
  const again = h("button", { type: "button", class: "button", onclick: () => location.reload() }, "Try again");
  document.getElementById("main").replaceChildren(emptyState("The workspace could not be opened", error.message, again));
});
