// What stands around the composer: the paperclip, and what an agent offers to be asked.

import { api } from "./api.js";
import { h } from "./dom.js";

/** A small button that shares files by name and size, with what is typed; the sandbox keeps no content. */
export function attachButton({ share }) {
  const picker = h("input", { type: "file", multiple: true, hidden: true, "data-testid": "file-picker" });
  picker.addEventListener("change", () => {
    const files = [...picker.files].map(({ name, size }) => ({ name, size }));
    picker.value = "";
    if (files.length) share(files);
  });
  const button = h("button", { type: "button", class: "button attach", "aria-label": "Attach a file", title: "Attach a file", "data-testid": "attach", onclick: () => picker.click() }, "📎");
  return [button, picker];
}

/** The lines that stand for a message's files. */
export function fileLines(files = []) {
  return files.map((file) => h("span", { class: "file", "data-testid": "file", dir: "auto" }, `📎 ${file.name ?? "File"}`));
}

/** What the agent offers, as chips: a press says it in the person's name. */
export class Prompts {
  #app;
  #channel;
  #shown = "";
  node = h("div", { class: "prompts", role: "group", "aria-label": "Suggested prompts", hidden: true, "data-testid": "prompts" });

  constructor(app, channel) {
    this.#app = app;
    this.#channel = channel;
  }

  /** Tell the app that its messages are looked at. */
  async open() {
    await this.#app.attempt(() => api.openMessages(this.#app.me.id));
  }

  async refresh() {
    const { title, prompts } = await api.prompts(this.#app.me.id, this.#channel.id);
    const shown = JSON.stringify([title, prompts]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const words = title && prompts.length ? [h("span", { class: "quiet" }, title)] : [];
    this.node.replaceChildren(...words, ...prompts.map((prompt) => this.#chip(prompt)));
    this.node.hidden = !prompts.length;
  }

  #chip({ title, message }) {
    const say = () => this.#app.attempt(() => api.say(this.#app.me.id, this.#channel.id, message));
    return h("button", { type: "button", class: "button chip", dir: "auto", title: message, "data-testid": "prompt", onclick: say }, title);
  }
}
