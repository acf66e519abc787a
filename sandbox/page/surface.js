// What joins drawn Block Kit to the app: pressing a control in a message or a view.

import { api } from "./api.js";
import { formValues } from "./blocks/entry.js";
import { clearNotice, showNotice } from "./dom.js";

const SILENT = "The app did not answer within 3 s.";

/**
 * A surface for drawBlocks. `container` is Slack's: {type: "message", channel, ts} or {type: "view", view_id}.
 * `entries` (a Map) keeps what a person entered, by block and action id. `shownBlocks` gives a view's
 * blocks as they are now: with a press in a view, Slack sends the whole state of its form.
 */
export function makeSurface(app, container, entries, shownBlocks = null) {
  const key = (block, element) => JSON.stringify([block.block_id ?? "", element.action_id ?? ""]);
  const recall = (block, element) => entries.get(key(block, element));
  const state = () => (shownBlocks ? { state: formValues(shownBlocks(), recall) } : {});
  return {
    scope: container.view_id ?? container.ts,
    names: app.names,
    recall,
    remember: (block, element, state) => entries.set(key(block, element), state),
    suggest: (block, element, typed) =>
      api.suggest(app.me.id, { container, block_id: block.block_id, action_id: element.action_id, query: typed }),
    confirm: (dialog) => app.confirm(dialog),
    press: (block, element, value, host) => press(app, { container, block, element, value, host, state: state() }),
  };
}

async function press(app, { container, block, element, value, host, state }) {
  const place = host.closest(".block") ?? host.parentElement;
  clearNotice(place);
  host.setAttribute("aria-busy", "true");
  const action = { container, block_id: block.block_id, action_id: element.action_id, value, ...state };
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
