// The address holds who we act as and where we are, so that a reload or a shared link lands in the same place:
//   #/as/U1/dm   #/as/U1/home   #/as/U1/c/C1   #/as/U1/crm   #/as/U1/crm/42   #/as/U1/traffic
// and `/t/<ts>` behind a conversation opens that thread.

/** {user, view, channel?, thread?, deal?}; anything unreadable becomes the app's DM. */
export function parseRoute(hash) {
  const parts = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  const [as, user, place, ...rest] = parts;
  const route = { user: as === "as" && user ? user : null, view: "dm" };
  if (place === "home" || place === "traffic") return { ...route, view: place };
  if (place === "crm") return rest[0] ? { ...route, view: "deal", deal: rest[0] } : { ...route, view: "crm" };
  if (place === "c" && rest[0]) return { ...route, view: "channel", channel: rest[0], ...thread(rest.slice(1)) };
  return { ...route, ...thread(rest) };
}

function thread([mark, ts]) {
  return mark === "t" && ts ? { thread: ts } : {};
}

export function formatRoute({ user, view, channel, thread: ts, deal }) {
  const place = { channel: `c/${encodeURIComponent(channel ?? "")}`, deal: `crm/${encodeURIComponent(deal ?? "")}` };
  const tail = ts && (view === "channel" || view === "dm") ? `/t/${encodeURIComponent(ts)}` : "";
  return `#/as/${encodeURIComponent(user)}/${place[view] ?? view}${tail}`;
}
