// One deal: its facts, what was done on it, its tasks, and what a person can do in HubSpot without the app.

import { api } from "./api.js";
import { dealFacts, money } from "./crm_facts.js";
import { makeLogForm } from "./crm_log.js";
import { drawEngagement, drawParty, drawTask } from "./crm_timeline.js";
import { clearNotice, emptyState, h, showNotice, sync } from "./dom.js";
import { formatRoute } from "./route.js";
import { dateText, timeText } from "./time.js";

export class DealView {
  about = "crm";
  #app;
  #id;
  #deal = null;
  #log;
  #heading = h("h1", { dir: "auto" }, "Deal");
  #facts = h("div", { class: "deal-facts" });
  #parties = h("div", { class: "deal-list", "data-testid": "contacts" });
  #tasks = h("div", { class: "deal-list", "data-testid": "tasks" });
  #timeline = h("div", { class: "deal-list", "data-testid": "timeline" });

  constructor(app, id) {
    this.#app = app;
    this.#id = id;
    const back = h("a", { href: formatRoute({ user: app.me.id, view: "crm" }), class: "back", "data-testid": "deal-back" }, "← All deals");
    this.#log = makeLogForm(app, () => this.#deal);
    const left = h("div", { class: "deal-side" }, panel("About this deal", this.#facts), panel("Customer", this.#parties), panel("Tasks", this.#tasks));
    const right = h("div", { class: "deal-main" }, panel("Log an activity", this.#log.node), panel("Timeline", this.#timeline));
    const head = h("header", { class: "view-head" }, back, this.#heading);
    this.node = h("section", { class: "deal" }, head, h("div", { class: "scroll" }, h("div", { class: "deal-columns" }, left, right)));
  }

  get title() {
    return this.#heading.textContent;
  }

  async refresh() {
    this.#deal = await api.deal(this.#id);
    this.#log.refresh();
    const facts = dealFacts(this.#deal);
    if (this.#heading.textContent !== facts.name) this.#heading.textContent = facts.name;
    sync(this.#facts, this.#factRows(facts), { key: ({ name }) => name, draw: (row) => this.#fact(row) });
    const parties = [this.#deal.company, ...this.#deal.contacts].filter(Boolean);
    this.#list(this.#parties, parties, "No company or contact", (party) => drawParty(party));
    this.#list(this.#tasks, this.#deal.tasks, "No tasks", (task) => drawTask(this.#app, task));
    this.#list(this.#timeline, this.#deal.timeline, "Nothing logged yet", (one) => drawEngagement(this.#app, one, this.#deal));
  }

  #list(host, items, none, draw) {
    const rows = items.length ? items : [{ id: "none" }];
    sync(host, rows, {
      key: ({ id, type }) => `${type} ${id}`,
      draw: (item) => (item.id === "none" ? emptyState(none) : draw(item)),
    });
  }

  #factRows(facts) {
    const { properties, stages } = this.#deal;
    return [
      { name: "Stage", property: "dealstage", value: facts.stageId, options: stages },
      { name: "Owner", value: facts.owner },
      { name: "Put out", property: "renewal_put_out_date", value: (properties.renewal_put_out_date ?? "").slice(0, 10), type: "date" },
      { name: "Expires", property: "renewal_expiration_date", value: (properties.renewal_expiration_date ?? "").slice(0, 10), type: "date" },
      { name: "Amount", value: money(facts.amount, facts.currency) || "—" },
      { name: "Price", value: facts.monthly === null ? "—" : `${money(facts.monthly, facts.currency)} a month` },
      { name: "Website", value: facts.downSince ? `taken down ${dateText(facts.downSince, this.#app.zone)} ${timeText(facts.downSince, this.#app.zone)}` : facts.hosted ? "hosted by us" : "not hosted by us" },
    ];
  }

  #fact({ name, property, value, options, type }) {
    const host = h("div", { class: "fact" });
    const label = h("span", { class: "fact-name" }, name);
    if (!property) {
      host.append(label, h("span", { dir: "auto" }, value));
      return host;
    }
    const control = options ? stageSelect(options, value) : h("input", { class: "field", type, value });
    control.dataset.testid = `deal-${property}`;
    control.addEventListener("change", () => this.#change(property, control, value, host));
    host.append(h("label", { class: "fact-edit" }, label, control));
    return host;
  }

  async #change(property, control, before, host) {
    clearNotice(host);
    if (control.type === "date" && control.value && control.value < "1900") return;
    try {
      await api.edit("deals", this.#id, { [property]: control.value });
      showNotice(host, "Changed in HubSpot", "done");
    } catch (error) {
      control.value = before;
      showNotice(host, error.message);
    }
  }
}

function stageSelect(stages, value) {
  const options = stages.map((stage) => h("option", { value: stage.id, selected: stage.id === value }, stage.label));
  return h("select", { class: "field" }, options);
}

function panel(title, content) {
  return h("section", { class: "panel" }, h("h2", {}, title), content);
}
