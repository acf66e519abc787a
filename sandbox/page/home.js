// The app's Home tab for the person acted as. Opening it tells the app, which may publish a view.

import { api } from "./api.js";
import { drawBlocks } from "./blocks/index.js";
import { appTabs } from "./conversation.js";
import { emptyState, h } from "./dom.js";
import { makeSurface } from "./surface.js";

export class HomeView {
  about = "home";
  title = "Home";
  #app;
  #body = h("div", { class: "home-body", "data-testid": "home" });
  #opened = false;
  #shown = null;

  constructor(app) {
    this.#app = app;
    const head = h("header", { class: "view-head" }, h("h1", {}, app.dm?.name ?? "Renewals"), appTabs(app.me.id, "home"));
    this.node = h("section", { class: "home" }, head, h("div", { class: "scroll" }, this.#body));
  }

  async refresh() {
    if (!this.#opened) {
      this.#opened = true;
      await api.openHome(this.#app.me.id);
    }
    const { view } = await api.home(this.#app.me.id);
    if (!view) {
      this.#shown = null;
      this.#body.replaceChildren(emptyState("No Home yet", "The app has not published a Home tab for this person."));
      return;
    }
    if (this.#shown?.id !== view.id) {
      this.#body.replaceChildren();
      const container = { type: "view", view_id: view.id };
      const surface = makeSurface(this.#app, container, new Map(), () => this.#shown.view.blocks);
      this.#shown = { id: view.id, surface };
    }
    this.#shown.view = view;
    drawBlocks(this.#body, view.blocks, this.#shown.surface);
  }
}
