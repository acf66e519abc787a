// "Day 14 of…": which account's day it should become. Day 1 is the put-out date itself (PLAYBOOK 1).

import { api } from "./api.js";
import { dealFacts } from "./crm_facts.js";
import { emptyState, h } from "./dom.js";
import { closeButton } from "./layers.js";
import { addDays, civilText, isoDate, morningOf } from "./time.js";

/** Ask for an account; resolves to 08:30 of its playbook day `n` in the person's zone, or null. */
export async function chooseDay(app, n) {
  const deals = (await api.deals()).map(dealFacts).filter((deal) => deal.putOut);
  const [ahead, passed] = [[], []];
  for (const deal of deals) (morningOf(addDays(deal.putOut, n - 1), app.zone) < app.clock.now() ? passed : ahead).push(deal);
  // What comes next stands first; what has been, most recent first.
  ahead.sort((a, b) => isoDate(a.putOut).localeCompare(isoDate(b.putOut)) || a.name.localeCompare(b.name));
  passed.sort((a, b) => isoDate(b.putOut).localeCompare(isoDate(a.putOut)) || a.name.localeCompare(b.name));
  const inOrder = [...ahead, ...passed];
  return new Promise((resolve) => {
    let close = () => {};
    const done = (instant) => {
      close();
      resolve(instant);
    };
    const rows = h("div", { class: "day-rows" });
    const filter = h("input", { class: "field", type: "search", placeholder: "Find an account", "aria-label": "Find an account", "data-testid": "day-filter" });
    const show = () => rows.replaceChildren(...rowsFor(inOrder, filter.value, n, app, done));
    filter.addEventListener("input", show);
    const box = h(
      "div",
      { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "day-title", "data-testid": "day-dialog" },
      h("div", { class: "dialog-head" }, h("h2", { id: "day-title" }, `Go to day ${n} of…`), closeButton(() => done(null))),
      h("div", { class: "dialog-body", "data-layer-body": "" }, h("p", { class: "quiet" }, "The clock moves to 08:30 that day, in your time. Going back is possible too."), filter, rows),
    );
    show();
    close = app.layers.open(h("div", { class: "backdrop" }, box), { onEscape: () => done(null), focus: filter });
  });
}

function rowsFor(deals, typed, n, app, done) {
  const wanted = typed.trim().toLowerCase();
  const found = deals.filter((deal) => `${deal.name} ${deal.owner}`.toLowerCase().includes(wanted));
  if (!found.length) return [emptyState("No account found", "Only deals with a put-out date have playbook days.")];
  return found.map((deal) => {
    const date = addDays(deal.putOut, n - 1);
    const instant = morningOf(date, app.zone);
    const passed = instant < app.clock.now() ? " · back in time" : "";
    return h(
      "button",
      { type: "button", class: "day-row", "data-testid": "day-row", "data-deal": deal.id, onclick: () => done(instant) },
      h("span", { dir: "auto" }, h("strong", {}, deal.name), h("small", {}, deal.owner)),
      h("span", { class: "day-date" }, civilText(date), h("small", {}, `put out ${civilText(deal.putOut)}${passed}`)),
    );
  });
}
