// The CRM as a list: every deal of the renewal pipeline, to filter and sort.

import { api } from "./api.js";
import { dealFacts, money } from "./crm_facts.js";
import { emptyState, h, sync } from "./dom.js";
import { formatRoute } from "./route.js";
import { civilText, isoDate } from "./time.js";

const dateKey = (date) => (date ? isoDate(date) : "");

const COLUMNS = [
  { name: "Account", key: (deal) => deal.name.toLowerCase(), text: (deal) => deal.name },
  { name: "Stage", key: (deal) => deal.stage, text: (deal) => deal.stage },
  { name: "Owner", key: (deal) => deal.owner, text: (deal) => deal.owner },
  { name: "Put out", key: (deal) => dateKey(deal.putOut), text: (deal) => (deal.putOut ? civilText(deal.putOut) : "—") },
  { name: "Expires", key: (deal) => dateKey(deal.expires), text: (deal) => (deal.expires ? civilText(deal.expires) : "—") },
  { name: "Amount", key: (deal) => deal.amount ?? -1, text: (deal) => money(deal.amount) || "—", number: true },
];

export class CrmView {
  about = "crm";
  title = "HubSpot CRM";
  #app;
  #deals = [];
  #sort = { column: 3, down: true };
  #filter = h("input", { class: "field", type: "search", placeholder: "Filter by account, stage or owner", "aria-label": "Filter deals", "data-testid": "crm-filter" });
  #count = h("span", { class: "quiet", role: "status" });
  #headings = h("tr");
  #rows = h("tbody", { "data-testid": "crm-rows" });

  constructor(app) {
    this.#app = app;
    this.#filter.addEventListener("input", () => this.#draw());
    const head = h("header", { class: "view-head" }, h("h1", {}, "HubSpot CRM"), h("div", { class: "filters" }, this.#filter), this.#count);
    const table = h("table", { class: "deals" }, h("thead", {}, this.#headings), this.#rows);
    this.node = h("section", { class: "crm" }, head, h("div", { class: "scroll" }, table));
  }

  async refresh() {
    this.#deals = (await api.deals()).map(dealFacts);
    this.#draw();
  }

  #draw() {
    const wanted = this.#filter.value.trim().toLowerCase();
    const found = this.#deals.filter((deal) => [deal.name, deal.stage, deal.owner].join(" ").toLowerCase().includes(wanted));
    const { key } = COLUMNS[this.#sort.column];
    const order = this.#sort.down ? -1 : 1;
    found.sort((a, b) => order * (key(a) > key(b) ? 1 : key(a) < key(b) ? -1 : 0));
    this.#count.textContent = `${found.length} of ${this.#deals.length} deals`;
    sync(this.#headings, COLUMNS.map((column, index) => ({ index, sorted: this.#sort.column === index ? this.#sort.down : null })), {
      key: ({ index }) => index,
      draw: (heading) => this.#heading(heading),
    });
    const rows = found.length ? found : [{ id: "none" }];
    sync(this.#rows, rows, { key: ({ id }) => id, draw: (deal) => (deal.id === "none" ? this.#none() : this.#row(deal)) });
  }

  #heading({ index, sorted }) {
    const { name, number } = COLUMNS[index];
    const arrow = sorted === null ? "" : sorted ? " ↓" : " ↑";
    const sort = () => {
      this.#sort = { column: index, down: this.#sort.column === index ? !this.#sort.down : false };
      this.#draw();
    };
    const button = h("button", { type: "button", class: "sort", onclick: sort }, name, h("span", { "aria-hidden": "true" }, arrow));
    const state = sorted === null ? null : sorted ? "descending" : "ascending";
    return h("th", { scope: "col", class: number ? "is-number" : null, "aria-sort": state }, button);
  }

  #row(deal) {
    const href = formatRoute({ user: this.#app.route.user, view: "deal", deal: deal.id });
    const cells = COLUMNS.map((column, index) => {
      const content = index === 0 ? h("a", { href, "data-testid": "deal-link" }, column.text(deal)) : column.text(deal);
      return h("td", { "data-label": column.name, class: column.number ? "is-number" : null, dir: "auto" }, content);
    });
    return h("tr", { "data-testid": "deal-row", "data-deal": deal.id }, cells);
  }

  #none() {
    const cell = h("td", { class: "none", "data-label": "" }, emptyState("No deals", this.#deals.length ? "Nothing fits the filter." : "The CRM is empty."));
    cell.colSpan = COLUMNS.length;
    return h("tr", {}, cell);
  }
}
