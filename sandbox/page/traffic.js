// What went over the wire between the app and the two services, newest first.

import { api } from "./api.js";
import { emptyState, h, sync } from "./dom.js";
import { dateText, timeWithSeconds } from "./time.js";

const MOST_SHOWN = 300;
const SLOW_ACK_MS = 1000;

export class TrafficView {
  about = "traffic";
  title = "Traffic";
  #app;
  #entries = [];
  #rows = h("div", { class: "traffic-rows", "data-testid": "traffic" });
  #service = select("Service", "traffic-service", [["", "Slack and HubSpot"], ["slack", "Slack"], ["hubspot", "HubSpot"]]);
  #kind = select("What is shown", "traffic-kind", [["changes", "Without lookups"], ["", "Everything"], ["request", "From the app"], ["delivery", "To the app"]]);
  #method = h("input", { class: "field", type: "search", placeholder: "Method or route", "aria-label": "Filter by method or route", "data-testid": "traffic-method" });

  constructor(app) {
    this.#app = app;
    const filters = h("div", { class: "filters" }, this.#service, this.#kind, this.#method);
    this.#kind.addEventListener("input", () => this.#startAnew());
    filters.addEventListener("input", () => this.#draw());
    const head = h("header", { class: "view-head" }, h("h1", {}, "Traffic"), filters);
    this.node = h("section", { class: "traffic" }, head, h("div", { class: "scroll" }, this.#rows));
  }

  /** The assistant looks things up all the time: what it sends and hears would be lost among that. */
  get #reads() {
    return this.#kind.value === "changes" ? "no" : "yes";
  }

  #startAnew() {
    this.#entries = [];
    this.#app.refresh.traffic.ask();
  }

  async refresh() {
    const reads = this.#reads;
    const since = this.#entries[0]?.seq ?? 0;
    const answer = await api.journal({ since_seq: since, limit: MOST_SHOWN, reads });
    if (reads !== this.#reads) return;
    const fresh = entriesOf(answer).filter((entry) => entry.seq > since);
    fresh.sort((a, b) => b.seq - a.seq);
    this.#entries = [...fresh, ...this.#entries].slice(0, MOST_SHOWN);
    this.#draw();
  }

  #draw() {
    const method = this.#method.value.trim().toLowerCase();
    const fits = (entry) =>
      (!this.#service.value || entry.service === this.#service.value) &&
      (!["request", "delivery"].includes(this.#kind.value) || entry.kind === this.#kind.value) &&
      entry.method.toLowerCase().includes(method);
    const shown = this.#entries.filter(fits);
    const rows = shown.length ? shown : [{ seq: "none" }];
    sync(this.#rows, rows, { key: ({ seq }) => seq, signature: ({ seq }) => `${seq}`, draw: (entry) => this.#row(entry) });
  }

  #row(entry) {
    if (entry.seq === "none") {
      return emptyState("No traffic", this.#entries.length ? "Nothing fits the filter." : "The app has not said anything yet.");
    }
    const { zone } = this.#app;
    const at = Date.parse(entry.business_time);
    const out = entry.kind === "delivery";
    const latency = `${entry.ms < 10 ? entry.ms.toFixed(1) : Math.round(entry.ms)} ms`;
    const summary = h(
      "summary",
      {},
      h("time", { class: "quiet", title: dateText(at, zone) }, timeWithSeconds(at, zone)),
      h("span", { class: `service service-${entry.service}` }, entry.service === "slack" ? "Slack" : "HubSpot"),
      h("span", { class: "direction", title: out ? "to the app" : "from the app" }, out ? "→ app" : "app →"),
      h("code", { class: "route" }, [entry.method, kindOf(entry)].filter(Boolean).join(" · ")),
      h("span", { class: hasFailed(entry) ? "status is-bad" : "status" }, statusText(entry)),
      h("span", { class: `latency${out && entry.ms > SLOW_ACK_MS ? " is-bad" : ""}`, title: out ? "until the app acknowledged" : "until answered" }, latency),
    );
    const details = h("details", { class: "traffic-row", "data-testid": "traffic-row", "data-seq": entry.seq, "data-method": entry.method }, summary);
    details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(...bodies(entry)));
    return details;
  }
}

function entriesOf(answer) {
  return Array.isArray(answer) ? answer : answer.entries;
}

/** Which press, command or event a delivery was about. */
function kindOf({ kind, body }) {
  const payload = kind === "delivery" ? body?.payload : null;
  return payload?.event?.type ?? payload?.command ?? payload?.type ?? null;
}

function hasFailed({ kind, status, fields }) {
  return kind === "delivery" ? !fields.acked : status === null || status >= 400;
}

/** For what was sent to the app whether it acknowledged, else what it was answered. */
function statusText({ kind, status, accepted, fields }) {
  if (kind === "delivery") return fields.acked ? "acknowledged" : (fields.error ?? "no answer").replaceAll("_", " ");
  return status === null ? (accepted ? "dropped" : "no answer") : `${status}`;
}

function bodies({ fields, body }) {
  const part = (name, value) => [h("h3", {}, name), h("pre", { class: "code-block", tabIndex: 0 }, pretty(value))];
  const parts = Object.keys(fields ?? {}).length ? part("Key fields", fields) : [];
  return body === null || body === undefined ? parts : [...parts, ...part("Body", body)];
}

function pretty(value) {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

function select(label, testid, options) {
  const choices = options.map(([value, text]) => h("option", { value }, text));
  return h("select", { class: "field", "aria-label": label, "data-testid": testid }, choices);
}
