// What fills the main column and the thread beside it. Going elsewhere replaces the view; a refresh never does,
// except a view that could not be loaded at all.

import { emptyState, h } from "./dom.js";

export class Pages {
  #app;
  #views;
  #main = document.getElementById("main");
  #side = document.getElementById("thread");
  #shown = null;
  #thread = null;
  #failed = new WeakSet();

  constructor(app, views) {
    this.#app = app;
    this.#views = views;
  }

  /** Show what the route says; `anew` redraws even where nothing moved (another person looks at it). */
  async show({ anew = false } = {}) {
    const { route } = this.#app;
    const key = [route.user, route.view, route.channel, route.deal].join(" ");
    if (anew || this.#shown?.key !== key) {
      const view = this.#make(route);
      this.#main.replaceChildren(view.node);
      this.#main.className = `main-${route.view}`;
      this.#shown = { key, view };
      await this.#load(view, this.#main);
    }
    this.#app.sidebar.draw();
    document.title = `${this.#shown.view.title} · Renewals sandbox`;
    await this.#showThread(anew);
  }

  #make(route) {
    const { ConversationView, HomeView, CrmView, DealView, TrafficView } = this.#views;
    if (route.view === "home" && this.#app.hasHome) return new HomeView(this.#app);
    if (route.view === "crm") return new CrmView(this.#app);
    if (route.view === "deal") return new DealView(this.#app, route.deal);
    if (route.view === "traffic") return new TrafficView(this.#app);
    const channel = route.view === "channel" ? route.channel : this.#app.dm?.id;
    const known = this.#app.conversations.find((one) => one.id === channel);
    return known ? new ConversationView(this.#app, known) : missing();
  }

  async #load(view, host) {
    try {
      await view.refresh();
    } catch (error) {
      if (!view.node.isConnected) return;
      this.#failed.add(view);
      const again = h("button", { type: "button", class: "button", onclick: () => this.show({ anew: true }) }, "Try again");
      host.replaceChildren(emptyState("This could not be loaded", error.message, again));
    }
  }

  async #showThread(anew) {
    const { route } = this.#app;
    const channel = route.view === "dm" ? this.#app.dm?.id : route.channel;
    const key = route.thread ? `${route.user} ${channel} ${route.thread}` : null;
    if (!anew && this.#thread?.key === (key ?? undefined)) return;
    this.#thread = null;
    this.#side.hidden = !key;
    this.#side.replaceChildren();
    const known = this.#app.conversations.find((one) => one.id === channel);
    if (!key || !known) return;
    const view = new this.#views.ConversationView(this.#app, known, route.thread);
    this.#thread = { key, view };
    this.#side.append(view.node);
    await this.#load(view, this.#side);
    view.focus();
  }

  /** Fetch anew what is on screen, if it is about `what`: messages, home, crm or traffic. */
  async refresh(what) {
    const views = [this.#shown?.view, this.#thread?.view].filter((view) => view?.about === what);
    if (views.some((view) => this.#failed.has(view))) return void (await this.#app.attempt(() => this.show({ anew: true })));
    await this.#app.attempt(() => Promise.all(views.map((view) => view.refresh())));
  }
}

function missing() {
  const node = emptyState("No such conversation", "This person is not in it. Choose another one on the left.");
  return { node, title: "Not found", about: null, refresh: async () => {} };
}
