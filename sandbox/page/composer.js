// Where a person writes. Enter sends, Shift+Enter makes a line; a text that begins with "/" is a slash
// command and gets hints. What was typed stays until the server has taken it.

import { api } from "./api.js";
import { clearNotice, h, showNotice } from "./dom.js";
import { attachButton } from "./writing.js";

const MOST_LINES_PX = 220;

/** {node, focus()}; `onSent` is called once a message is out. Drafts are kept per place in `app.drafts`. */
export function makeComposer(app, channel, thread, onSent) {
  const draftKey = [app.me.id, channel.id, thread ?? ""].join(" ");
  const field = h("textarea", {
    class: "composer-field",
    rows: 1,
    placeholder: thread ? "Reply…" : `Message ${channel.kind === "channel" ? "#" : ""}${channel.name}`,
    "aria-label": thread ? "Reply in thread" : `Message ${channel.name}`,
    "data-testid": thread ? "thread-composer" : "composer",
    value: app.drafts.get(draftKey) ?? "",
    "aria-autocomplete": "list",
  });
  const hints = new Hints(app, field);
  const send = h("button", { type: "submit", class: "button button-primary send", "data-testid": "send", "aria-label": "Send" }, "Send");
  const attach = attachButton({ share: (files) => submit(files) });
  const row = h("div", { class: "composer-row" }, ...attach, field, send);
  const form = h("form", { class: "composer" }, hints.node, row);
  const changed = () => {
    app.drafts.set(draftKey, field.value);
    grow(field);
    clearNotice(form);
    if (!thread) hints.show();
  };
  const submit = async (files = []) => {
    const text = field.value.trim();
    if ((!text && !files.length) || form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    hints.hide();
    const problem = files.length ? await share(app, channel, thread, text, files) : await deliver(app, channel, thread, text);
    form.removeAttribute("aria-busy");
    if (problem) return showNotice(form, problem);
    if (field.value.trim() === text) field.value = "";
    changed();
    return onSent();
  };
  field.addEventListener("input", changed);
  field.addEventListener("blur", () => hints.hide());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || hints.onKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    submit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  queueMicrotask(() => grow(field));
  return { node: form, focus: () => field.focus() };
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, MOST_LINES_PX)}px`;
}

/** Share files; resolves to the sentence of what went wrong, or null. */
async function share(app, channel, thread, text, files) {
  try {
    await api.share(app.me.id, channel.id, files, text, thread);
    return null;
  } catch (error) {
    return error.message;
  }
}

/** Send a message or a command; resolves to the sentence of what went wrong, or null. */
async function deliver(app, channel, thread, text) {
  const [, command, rest] = /^(\/\S+)\s*([\s\S]*)$/.exec(text) ?? [];
  try {
    if (!command) {
      await api.say(app.me.id, channel.id, text, thread);
      return null;
    }
    if (thread) return "Slash commands do not work in threads. Use it in the conversation instead.";
    if (!app.commands.some((known) => known.command === command)) return `${command} is not a command of this workspace.`;
    const { acked, error } = await api.command(app.me.id, channel.id, command, rest);
    if (acked) return null;
    return `${command} failed: the app did not answer within 3 s.${error ? ` (${error})` : ""}`;
  } catch (error) {
    return error.message;
  }
}

/** The list of commands over the composer, and the usage of the one being typed. */
class Hints {
  #app;
  #field;
  #found = [];
  #at = 0;
  node = h("div", { class: "hints", id: `hints-${crypto.randomUUID?.() ?? performance.now()}`, role: "listbox", "aria-label": "Commands", hidden: true, "data-testid": "command-hints" });

  constructor(app, field) {
    this.#app = app;
    this.#field = field;
    field.setAttribute("aria-controls", this.node.id);
  }

  show() {
    const typed = this.#field.value;
    const [word] = typed.split(/\s/);
    const isCommand = typed.startsWith("/") && !typed.includes("\n");
    this.#found = isCommand ? this.#app.commands.filter(({ command }) => (typed === word ? command.startsWith(word) : command === word)) : [];
    this.#at = 0;
    this.#draw();
  }

  hide() {
    this.#found = [];
    this.#draw();
  }

  /** True when the key was for the list. */
  onKey(event) {
    if (!this.#found.length) return false;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    const isWhole = this.#found.some(({ command }) => this.#field.value.split(/\s/)[0] === command);
    if (event.key in steps && this.#found.length > 1) this.#moveBy(steps[event.key]);
    else if (event.key === "Escape") this.hide();
    else if ((event.key === "Tab" || event.key === "Enter") && !isWhole && !event.shiftKey) this.#complete(this.#found[this.#at]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #moveBy(step) {
    this.#at = (this.#at + step + this.#found.length) % this.#found.length;
    this.#draw();
  }

  #complete({ command }) {
    this.#field.value = `${command} `;
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
    this.#field.focus();
  }

  #draw() {
    const rows = this.#found.map((hint, index) => this.#row(hint, index));
    this.node.replaceChildren(...rows);
    this.node.hidden = !rows.length;
    if (rows.length) this.#field.setAttribute("aria-activedescendant", rows[this.#at].id);
    else this.#field.removeAttribute("aria-activedescendant");
  }

  #row(hint, index) {
    const words = h("span", {}, h("strong", {}, hint.command), hint.usage_hint ? h("span", { class: "usage" }, ` ${hint.usage_hint}`) : null);
    const node = h(
      "div",
      { class: `hint${index === this.#at ? " is-at" : ""}`, id: `${this.node.id}-${index}`, role: "option", "aria-selected": String(index === this.#at), "data-testid": "command-hint" },
      words,
      h("small", {}, hint.description ?? ""),
    );
    node.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.#complete(hint);
    });
    return node;
  }
}
