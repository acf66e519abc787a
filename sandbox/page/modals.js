// The stack of modals the app has opened for this person; the newest is on top and the only one shown.

import { api } from "./api.js";
import { drawBlocks } from "./blocks/index.js";
import { formValues } from "./blocks/entry.js";
import { plain } from "./blocks/text_object.js";
import { clearNotice, h, showNotice } from "./dom.js";
import { problemsOf, showProblems } from "./form_check.js";
import { closeButton } from "./layers.js";
import { makeSurface } from "./surface.js";

export class Modals {
  #app;
  #shown = null;
  #entries = new Map();

  constructor(app) {
    this.#app = app;
  }

  /** Another person looks now: take down what belonged to the last one. */
  forget() {
    this.#takeDown();
    this.#entries.clear();
  }

  async refresh() {
    const { id } = this.#app.me;
    const stack = await this.#app.attempt(() => api.views(id));
    if (!stack || this.#app.me.id !== id) return;
    const open = new Set(stack.map((one) => one.id));
    for (const known of [...this.#entries.keys()]) if (!open.has(known)) this.#entries.delete(known);
    const top = stack.at(-1);
    if (this.#shown && this.#shown.id !== top?.id) this.#takeDown();
    if (top) this.#show(top, stack.length);
  }

  #takeDown() {
    this.#shown?.close();
    this.#shown = null;
  }

  #show({ id, view }, depth) {
    const isNew = !this.#shown;
    if (isNew) this.#shown = this.#make(id);
    const { title, body, foot, surface, stack } = this.#shown;
    this.#shown.view = view;
    title.textContent = plain(view.title);
    stack.textContent = depth > 1 ? `${depth} windows` : "";
    drawBlocks(body, view.blocks, surface);
    const buttons = JSON.stringify([view.submit, view.close]);
    if (this.#shown.buttons !== buttons) {
      this.#shown.buttons = buttons;
      foot.replaceChildren(...this.#buttons(view));
    }
    if (isNew) this.#raise();
  }

  #make(id) {
    if (!this.#entries.has(id)) this.#entries.set(id, new Map());
    const entries = this.#entries.get(id);
    const surface = makeSurface(this.#app, { type: "view", view_id: id }, entries, () => this.#shown.view.blocks);
    const title = h("h2", { id: "modal-title", dir: "auto" });
    const stack = h("small", { class: "quiet" });
    const body = h("div", { class: "dialog-body", "data-layer-body": "" });
    const foot = h("div", { class: "dialog-foot" });
    const head = h("div", { class: "dialog-head" }, title, stack, closeButton(() => this.#closeTop(), "modal-close"));
    const form = h(
      "form",
      { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "modal-title", "data-testid": "modal", "data-view-id": id, novalidate: true },
      head,
      body,
      foot,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    return { id, form, title, stack, body, foot, surface, close: () => {} };
  }

  #raise() {
    const backdrop = h("div", { class: "backdrop" }, this.#shown.form);
    this.#shown.close = this.#app.layers.open(backdrop, { onEscape: () => this.#closeTop() });
  }

  #buttons(view) {
    const close = h("button", { type: "button", class: "button", "data-testid": "modal-cancel", onclick: () => this.#closeTop() }, plain(view.close) || "Close");
    if (!view.submit) return [close];
    return [close, h("button", { type: "submit", class: "button button-primary", "data-testid": "modal-submit" }, plain(view.submit))];
  }

  async #closeTop() {
    const shown = this.#shown;
    if (!shown) return;
    this.#takeDown();
    await this.#app.attempt(() => api.close(this.#app.me.id, shown.id));
    this.#app.refresh.views.ask();
  }

  async #submit() {
    const shown = this.#shown;
    const { view, form, foot } = shown;
    if (form.getAttribute("aria-busy")) return;
    clearNotice(foot);
    const values = formValues(view.blocks, shown.surface.recall);
    const missing = problemsOf(view.blocks, values);
    if (showProblems(form, missing)) return;
    form.setAttribute("aria-busy", "true");
    try {
      const { acked, response, error, errors } = await api.submit(this.#app.me.id, shown.id, values);
      if (errors) showErrors(form, foot, errors);
      else if (!acked) showNotice(foot, `The app did not answer within 3 s. Try again.${error ? ` (${error})` : ""}`);
      else if (error) showNotice(foot, `Slack refuses what the app answered (${error}).`);
      else if (response?.response_action === "errors") showErrors(form, foot, response.errors ?? {});
    } catch (problem) {
      showNotice(foot, problem.message);
    } finally {
      form.removeAttribute("aria-busy");
      this.#app.refresh.views.ask();
    }
  }
}

/** The app's errors, each under its field; those of blocks that are not on the form are said at its foot. */
function showErrors(form, foot, errors) {
  const fields = new Set([...form.querySelectorAll(".block-input")].map((block) => block.dataset.blockId));
  const lost = Object.entries(errors).filter(([block]) => !fields.has(block));
  showProblems(form, errors);
  if (lost.length) showNotice(foot, lost.map(([, sentence]) => sentence).join(" "));
}
