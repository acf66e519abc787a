// What a rep logs in HubSpot itself, without the app: the next sync has to notice it.

import { api } from "./api.js";
import { clearNotice, h, showNotice } from "./dom.js";
import { instantOf, parseDate } from "./time.js";

const KINDS = [
  { value: "call", label: "Call", type: "calls" },
  { value: "email", label: "Email to the customer", type: "emails" },
  { value: "reply", label: "Email from the customer", type: "emails" },
  { value: "note", label: "Note", type: "notes" },
  { value: "booking", label: "Booking by the customer", type: "meetings" },
];

/** {node, refresh()}: a small form; `deal()` is the deal as it is shown now. */
export function makeLogForm(app, deal) {
  const kind = h("select", { class: "field", "aria-label": "Kind of activity", "data-testid": "log-kind" }, KINDS.map(({ value, label }) => h("option", { value }, label)));
  const outcome = h("select", { class: "field", "aria-label": "Outcome of the call", "data-testid": "log-outcome" });
  const subject = h("input", { class: "field", "aria-label": "Subject", placeholder: "Subject", "data-testid": "log-subject" });
  const starts = h("input", { class: "field", type: "datetime-local", "aria-label": "Booked time", "data-testid": "log-starts" });
  const text = h("textarea", { class: "field field-lines", rows: 2, "aria-label": "What happened", placeholder: "What happened", "data-testid": "log-text" });
  const save = h("button", { type: "submit", class: "button button-primary", "data-testid": "log-save" }, "Log in HubSpot");
  const form = h("form", { class: "log-form" }, h("div", { class: "log-row" }, kind, outcome, subject, starts), text, h("div", {}, save));
  const arrange = () => {
    outcome.hidden = kind.value !== "call";
    subject.hidden = !["email", "reply"].includes(kind.value);
    starts.hidden = kind.value !== "booking";
    text.hidden = kind.value === "booking";
    save.textContent = kind.value === "booking" ? "Book as the customer" : "Log in HubSpot";
    const known = deal()?.outcomes ?? [];
    if (outcome.options.length === known.length) return;
    const usual = known.find((one) => one.label === "No answer");
    outcome.replaceChildren(...known.map((one) => h("option", { value: one.value, selected: one === usual }, one.label)));
  };
  kind.addEventListener("change", arrange);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearNotice(form);
    if (kind.value === "booking") return book(app, form, deal(), starts.value);
    if (!text.value.trim() && kind.value !== "call") return showNotice(form, "Write what happened first.");
    try {
      await api.logEngagement(engagement(app, deal(), { kind: kind.value, outcome: outcome.value, subject: subject.value, text: text.value.trim() }));
      text.value = "";
      subject.value = "";
      return showNotice(form, "Logged in HubSpot", "done");
    } catch (error) {
      return showNotice(form, error.message);
    }
  });
  arrange();
  return { node: form, refresh: arrange };
}

/** The customer's own act, on the booking page of the deal's owner. */
async function book(app, form, deal, starts) {
  const email = deal.contacts[0]?.properties.email;
  if (!deal.booking_page) return showNotice(form, "The deal's owner has no booking page.");
  if (!email) return showNotice(form, "The deal has no contact with an address.");
  if (!starts) return showNotice(form, "Choose a time first.");
  const [hour, minute] = starts.slice(11, 16).split(":").map(Number);
  const at = instantOf(parseDate(starts), hour, minute, app.zone);
  try {
    await api.book({ slug: deal.booking_page, email, starts_at: new Date(at).toISOString() });
    return showNotice(form, "Booked", "done");
  } catch (error) {
    return showNotice(form, error.message);
  }
}

function engagement(app, deal, { kind, outcome, subject, text }) {
  const common = { hs_timestamp: new Date(app.clock.now()).toISOString(), hubspot_owner_id: deal.properties.hubspot_owner_id ?? "" };
  const { type } = KINDS.find((one) => one.value === kind);
  const own = {
    call: { hs_call_title: "Call", hs_call_body: text, hs_call_direction: "OUTBOUND", hs_call_status: "COMPLETED", hs_call_disposition: outcome },
    email: { hs_email_subject: subject, hs_email_text: text, hs_email_direction: "EMAIL", hs_email_status: "SENT" },
    reply: { hs_email_subject: subject, hs_email_text: text, hs_email_direction: "INCOMING_EMAIL", hs_email_status: "SENT" },
    note: { hs_note_body: text },
  }[kind];
  return { type, deal_id: deal.id, properties: { ...common, ...own } };
}
