// What joins drawn Block Kit to the app: pressing a control in a message or a view.

import { api } from "./api.js";
import { clearNotice, showNotice } from "./dom.js";

const SILENT = "The app did not answer within 3 s.";

/**
 * A surface for drawBlocks. `container` is Slack's: {type: "message", channel, ts} or {type: "view", view_id}.
 * `entries` (a Map) keeps what a person entered, by block and action id.
 */
export function makeSurface(app, container, entries, { isForm = false } = {}) {
  const key = (block, element) => JSON.stringify([block.block_id ?? "", element.action_id ?? ""]);
  const scope = container.view_id ?? container.ts;
  return {
    scope,
    isForm,
    names: app.names,
    recall: (block, element) => entries.get(key(block, element)),
    remember: (block, element, state) => entries.set(key(block, element), state),
    confirm: (dialog) => app.confirm(dialog),
    press: (block, element, value, host) => press(app, { container, block, element, value, host, entries }),
  };
}

async function press(app, { container, block, element, value, host, entries }) {
  const place = host.closest(".block") ?? host.parentElement;
  clearNotice(place);
  host.setAttribute("aria-busy", "true");
  const action = { container, block_id: block.block_id, action_id: element.action_id, value };
  if (container.type === "view") action.state = { values: stateValues(entries) };
  try {
    const { acked, error } = await api.act(app.me.id, action);
    if (!acked) say(app, place, error ? `${SILENT} (${error})` : SILENT);
  } catch (problem) {
    say(app, place, problem.message);
  } finally {
    host.removeAttribute("aria-busy");
  }
}

/** Under the control; if its message was redrawn meanwhile, at the edge of the window. */
function say(app, place, text) {
  if (place.isConnected) showNotice(place, text);
  else app.toast(text);
}

/** Entered values in the shape of `view.state.values`. */
export function stateValues(entries) {
  const values = {};
  for (const [key, state] of entries) {
    const [block, action] = JSON.parse(key);
    (values[block] ??= {})[action] = state;
  }
  return values;
}
