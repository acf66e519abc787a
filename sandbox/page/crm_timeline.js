// Engagements and tasks of a deal, in words.

import { api } from "./api.js";
import { h } from "./dom.js";
import { dateText, timeText } from "./time.js";

const NAMES = { calls: "Call", emails: "Email", notes: "Note", meetings: "Meeting", tasks: "Task" };
const TEXT = {
  calls: ["hs_call_title", "hs_call_body"],
  emails: ["hs_email_subject", "hs_email_text"],
  notes: ["hs_note_body"],
  meetings: ["hs_meeting_title", "hs_meeting_body"],
  tasks: ["hs_task_subject", "hs_task_body"],
};

/** One thing that was done: what, when, by whom, with which outcome, and its words. */
export function drawEngagement(app, { id, type, properties, owner }, { outcomes = [] }) {
  const details = [
    direction(properties),
    outcomes.find((one) => one.value === properties.hs_call_disposition)?.label,
    properties.hs_meeting_outcome?.toLowerCase().replaceAll("_", " "),
    owner?.name,
  ].filter(Boolean);
  return h(
    "article",
    { class: "engagement", "data-testid": "engagement", "data-type": type, "data-id": id },
    h("div", { class: "engagement-head" }, h("strong", {}, NAMES[type] ?? type), h("span", { class: "quiet" }, details.join(" · ")), whenOf(app, type, properties)),
    wordsOf(type, properties).map((text) => h("p", { dir: "auto" }, text)),
  );
}

/** A company or contact with how to reach them. */
export function drawParty({ id, name, properties }) {
  const reach = [properties.phone, properties.email, properties.domain].filter(Boolean).join(" · ");
  return h("div", { class: "fact", "data-testid": "party", "data-id": id }, h("div", { dir: "auto" }, name), h("small", { class: "quiet" }, reach));
}

/** A task with its due date, and a tick that completes it as its owner would in HubSpot. */
export function drawTask(app, { id, properties, owner }) {
  const done = properties.hs_task_status === "COMPLETED";
  const complete = () => app.attempt(() => api.edit("tasks", id, { hs_task_status: done ? "NOT_STARTED" : "COMPLETED" }));
  const box = h("input", { type: "checkbox", checked: done, onchange: complete, "data-testid": "task-done" });
  const words = wordsOf("tasks", properties).join(" — ").replaceAll("\n", ": ") || "Task";
  const small = h("small", { class: "quiet" }, whenOf(app, "tasks", properties), owner ? ` · ${owner.name}` : "");
  return h("label", { class: `choice task${done ? " is-done" : ""}`, "data-testid": "task", "data-id": id }, box, h("span", {}, h("span", { dir: "auto" }, words), small));
}

function direction(properties) {
  const given = properties.hs_call_direction ?? properties.hs_email_direction;
  if (!given) return null;
  return given.startsWith("IN") ? "from the customer" : "to the customer";
}

function whenOf(app, type, properties) {
  const text = type === "meetings" ? (properties.hs_meeting_start_time ?? properties.hs_timestamp) : properties.hs_timestamp;
  const instant = /^\d+$/.test(text ?? "") ? Number(text) : Date.parse(text ?? "");
  if (Number.isNaN(instant)) return h("span", { class: "quiet" }, "no date");
  return h("time", { class: "quiet" }, `${dateText(instant, app.zone)} ${timeText(instant, app.zone)}`);
}

/** HubSpot keeps bodies as HTML; here they are words only. */
function wordsOf(type, properties) {
  return (TEXT[type] ?? []).map((name) => plainWords(properties[name] ?? "")).filter(Boolean);
}

function plainWords(html) {
  const broken = html.replace(/<br\s*\/?>|<\/(p|div|li)>/gi, "\n");
  return (new DOMParser().parseFromString(broken, "text/html").body.textContent ?? "").trim();
}
