// A person's status: the emoji beside the name, and the dialog in which they set it.

import { api } from "./api.js";
import { h, showNotice } from "./dom.js";
import { emoji } from "./emoji.js";
import { closeButton } from "./layers.js";
import { addDays, dateText, instantOf, isoDate, parseDate, wallClock } from "./time.js";

const OFFERED = [
  ["", "", "No status"],
  [":spiral_calendar_pad:", "In a meeting", "In a meeting"],
  [":bus:", "Commuting", "Commuting"],
  [":face_with_thermometer:", "Out sick", "Out sick"],
  [":palm_tree:", "Vacationing", "Vacationing"],
  [":house_with_garden:", "Working remotely", "Working remotely"],
];

const shortName = (code) => code.replaceAll(":", "");
const picture = (code) => emoji(shortName(code)) ?? "💬";

/** What a status says in words: "Vacationing, until Fri 4 Dec"; empty without one. */
export function statusWords(status, zone) {
  if (!status?.text && !status?.emoji) return "";
  const said = status.text || shortName(status.emoji).replaceAll("_", " ");
  return status.expiration ? `${said}, until ${dateText(status.expiration * 1000 - 1000, zone)}` : said;
}

/** The emoji beside a name, with the words for those who cannot see it or point at it; null without one. */
export function statusMark(person) {
  const words = statusWords(person?.status, person?.tz);
  if (!words) return null;
  return h("span", { class: "status-mark", role: "img", "aria-label": words, title: words, "data-testid": "status" }, picture(person.status.emoji));
}

/** Open the dialog for `me`. */
export function setStatus(app) {
  const { me } = app;
  let close = () => {};
  const done = () => close();
  const pick = h("select", { class: "field", "data-testid": "status-pick", "aria-label": "Suggested" });
  OFFERED.forEach(([code, , label], index) => pick.append(h("option", { value: `${index}` }, code ? `${picture(code)} ${label}` : label)));
  const text = h("input", { class: "field", type: "text", maxlength: "100", "data-testid": "status-text", value: me.status.text });
  const mark = h("input", { class: "field", type: "text", "data-testid": "status-emoji", placeholder: ":palm_tree:", value: me.status.emoji });
  const until = h("input", { class: "field", type: "date", "data-testid": "status-until" });
  pick.selectedIndex = OFFERED.findIndex(([code, words]) => code === me.status.emoji && words === me.status.text);
  if (me.status.expiration) until.value = isoDate(wallClock((me.status.expiration - 1) * 1000, me.tz));
  pick.addEventListener("change", () => {
    const [code, words] = OFFERED[Number(pick.value)];
    mark.value = code;
    text.value = words;
  });
  const save = async () => {
    const expiration = until.value ? instantOf(addDays(parseDate(until.value), 1), 0, 0, me.tz) / 1000 : 0;
    try {
      await api.setStatus(me.id, { text: text.value, emoji: mark.value.trim(), expiration });
      close();
    } catch (error) {
      showNotice(foot, error.message);
    }
  };
  const foot = h(
    "div",
    { class: "dialog-foot" },
    h("button", { type: "button", class: "button", onclick: done }, "Cancel"),
    h("button", { type: "submit", class: "button button-primary", "data-testid": "status-save" }, "Save"),
  );
  const form = h(
    "form",
    { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "status-title", "data-testid": "status-dialog" },
    h("div", { class: "dialog-head" }, h("h2", { id: "status-title" }, "Set a status"), closeButton(done)),
    h(
      "div",
      { class: "dialog-body status-fields", "data-layer-body": true },
      h("label", {}, "Suggested", pick),
      h("label", {}, "What is your status?", text),
      h("label", {}, "Emoji", mark),
      h("label", {}, "Until the end of (empty: until you clear it)", until),
    ),
    foot,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  close = app.layers.open(h("div", { class: "backdrop" }, form), { onEscape: done });
}
