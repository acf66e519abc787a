// Building and updating the document. Text only ever enters as text nodes or attributes: there is no
// innerHTML anywhere on this page, so a hostile account name stays a name.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "selected", "tabIndex", "inert", "hidden"]);

/** An element with attributes (`on…` are listeners; null, undefined and false are left out) and children. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (AS_PROPERTY.has(name)) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const drawn = new WeakMap();

/**
 * Make `parent` show `items`, touching only what changed: a node whose item has the same signature stays
 * the very same node, with its focus, caret and scroll. `draw(item, old)` may return `old`, updated.
 */
export function sync(parent, items, { key, draw, signature = JSON.stringify }) {
  const focus = focusInside(parent);
  const wanted = new Set(items.map(key));
  const have = new Map();
  for (const node of [...parent.children]) {
    const known = drawn.get(node);
    if (known && wanted.has(known.key)) have.set(known.key, node);
    else node.remove();
  }
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const itemKey = key(item);
    const itemSignature = signature(item);
    let node = have.get(itemKey);
    if (!node || drawn.get(node).signature !== itemSignature) {
      const fresh = draw(item, node ?? null);
      if (node && fresh !== node) {
        node.replaceWith(fresh);
        if (cursor === node) cursor = fresh;
      }
      drawn.set(fresh, { key: itemKey, signature: itemSignature });
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  focus?.restore();
}

/**
 * Where the focus is inside `parent`, so that it can be put on the same control again. When that control is
 * gone, its place is focused and not another button: a second Enter must not press something else.
 */
function focusInside(parent) {
  const active = document.activeElement;
  if (!active || active === parent || !parent.contains(active)) return null;
  const children = [...parent.children];
  const index = children.findIndex((node) => node.contains(active));
  const childKey = drawn.get(children[index])?.key;
  const find = controlFinder(active);
  return {
    restore() {
      const moved = parent.contains(document.activeElement) && document.activeElement !== parent;
      if (active.isConnected || moved) return;
      const now = [...parent.children];
      const place = now.find((node) => drawn.get(node)?.key === childKey) ?? now[Math.min(index, now.length - 1)] ?? parent;
      const control = find();
      if (!control) place.tabIndex = -1;
      (control ?? place).focus({ preventScroll: true });
    },
  };
}

/**
 * How to find the same Block Kit control after a redraw: a function that gives it or null. Another block's
 * control of the same name is never meant: it is another account's button.
 */
export function controlFinder(node) {
  const control = node?.closest("[data-action-id]");
  if (!control) return () => node?.isConnected ? node : null;
  const { actionId, blockId } = control.dataset;
  const message = control.closest("[data-ts]");
  const within = message ? `[data-ts="${CSS.escape(message.dataset.ts)}"] ` : "";
  const selector = `${within}[data-action-id="${CSS.escape(actionId)}"][data-block-id="${CSS.escape(blockId ?? "")}"]`;
  return () => (node.isConnected ? node : document.querySelector(selector));
}

const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex="-1"])';

/** What Tab reaches inside `root`, in order. */
export function focusables(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((n) => !n.disabled && n.getClientRects().length > 0);
}

/** A sentence under a control that goes away by itself only when it is replaced or dismissed. */
export function showNotice(host, text, kind = "warning") {
  clearNotice(host);
  if (!text) return;
  const mark = h("span", { "aria-hidden": "true", class: "notice-mark" }, kind === "warning" ? "⚠" : "✓");
  host.append(h("div", { class: `notice notice-${kind}`, role: "alert", "data-testid": "notice" }, mark, text));
}

export function clearNotice(host) {
  host.querySelector(":scope > .notice")?.remove();
}

/** A quiet picture-less page for "nothing here" and "this went wrong". */
export function emptyState(title, text, ...more) {
  return h(
    "div",
    { class: "empty", "data-testid": "empty" },
    h("p", { class: "empty-title" }, title),
    text ? h("p", {}, text) : null,
    more,
  );
}
