// The workspace's business time, in the zone of the person acted as, and the jumps people need.

import { api } from "./api.js";
import { chooseDay } from "./clock_days.js";
import { passTo } from "./clock_pass.js";
import { h } from "./dom.js";
import { dateText, nextMorning, nextWorkingMorning, placeName, timeText } from "./time.js";

const TICK_MS = 1000;
const HOUR_S = 3600;

export class ClockBar {
  #app;
  #time = h("strong", { "data-testid": "clock-time" });
  #place = h("span", { class: "clock-place", "data-testid": "clock-zone" });
  #state = h("span", { class: "connection", role: "status", "data-testid": "connection" });
  #jumps;
  #toggle;
  #moving = false;

  constructor(app, node) {
    this.#app = app;
    const menu = button("☰", "drawer-open", () => app.sidebar.open(), { class: "button drawer-button", "aria-label": "Open the workspace menu" });
    const toggle = h(
      "button",
      { type: "button", class: "clock-now", "data-testid": "clock-toggle", "aria-expanded": "false", "aria-controls": "clock-jumps" },
      h("span", { class: "clock-words" }, this.#time, this.#place),
      h("span", { class: "clock-arrow", "aria-hidden": "true" }, "▾"),
    );
    toggle.addEventListener("click", () => this.#unfold(toggle));
    this.#toggle = toggle;
    this.#jumps = h(
      "div",
      { id: "clock-jumps", class: "clock-jumps", role: "group", "aria-label": "Move the clock" },
      button("+1 h", "clock-hour", () => this.#move(() => api.advanceClock(HOUR_S))),
      button("Next morning", "clock-next-morning", () => this.#jump(nextMorning), { title: "08:30 tomorrow" }),
      button("Next working day", "clock-next-working-day", () => this.#jump(nextWorkingMorning), { title: "08:30 on the next weekday" }),
      button("Day 14 of…", "clock-day-14", () => this.#toDay(14), { "aria-haspopup": "dialog" }),
      button("Day 30 of…", "clock-day-30", () => this.#toDay(30), { "aria-haspopup": "dialog" }),
    );
    node.append(menu, toggle, this.#state, this.#jumps);
    setInterval(() => this.draw(), TICK_MS);
  }

  /** Show the time as it is now. */
  draw() {
    const now = this.#app.clock.now();
    const { zone } = this.#app;
    const text = `${dateText(now, zone)} ${timeText(now, zone)}`;
    if (this.#time.textContent !== text) this.#time.textContent = text;
    const place = `${placeName(zone)} time`;
    if (this.#place.textContent !== place) this.#place.textContent = place;
  }

  showConnection(state) {
    this.#state.textContent = state === "lost" ? "Connection lost. Trying again…" : "";
  }

  /** On a phone the unfolded buttons give their place back to what was gone to. */
  fold() {
    this.#jumps.classList.remove("is-open");
    this.#toggle.setAttribute("aria-expanded", "false");
  }

  #unfold(toggle) {
    const open = this.#jumps.classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  }

  #jump(target) {
    const instant = target(this.#app.clock.now(), this.#app.zone);
    return this.#move(() => passTo(this.#app, instant));
  }

  async #toDay(day) {
    const instant = await this.#app.attempt(() => chooseDay(this.#app, day));
    if (instant !== null) await this.#move(() => passTo(this.#app, instant));
  }

  async #move(set) {
    if (this.#moving) return;
    this.#app.awaitNews();
    this.#moving = true;
    const buttons = [...this.#jumps.querySelectorAll("button")];
    buttons.forEach((one) => one.setAttribute("aria-busy", "true"));
    await this.#app.attempt(async () => this.#app.clock.hear((await set()).now));
    buttons.forEach((one) => one.removeAttribute("aria-busy"));
    this.#moving = false;
    this.#app.awaitNews();
    this.draw();
  }
}

function button(text, testid, onclick, more = {}) {
  return h("button", { type: "button", class: "button button-small", "data-testid": testid, onclick, ...more }, text);
}
