// Everything the page asks of the sandbox server. Each call resolves to the decoded answer or throws an
// ApiError whose message is a sentence for the person looking at the page.

// An app that is silent is reported by the server after 3 s; this is for a server that is gone.
const GIVE_UP_MS = 20_000;

export class ApiError extends Error {}

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
  } catch {
    throw new ApiError("The sandbox is not reachable. Is it still running?");
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    throw new ApiError(`The sandbox answered ${response.status} with something that is not JSON.`);
  }
  if (!response.ok) throw new ApiError(sentence(answer, response.status));
  return answer;
}

function sentence(answer, status) {
  const said = answer?.error ?? answer?.message ?? answer?.detail;
  return typeof said === "string" && said ? said : `The sandbox answered ${status}.`;
}

function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== "");
  return given.length ? `?${new URLSearchParams(given)}` : "";
}

const at = encodeURIComponent;
const conversation = (user, channel) => `/people/${at(user)}/conversations/${at(channel)}`;

export const api = {
  people: () => call("GET", "/people"),
  commands: () => call("GET", "/people/commands"),
  groups: () => call("GET", "/people/groups"),
  setStatus: (user, status) => call("POST", `/people/${at(user)}/status`, status),
  conversations: (user) => call("GET", `/people/${at(user)}/conversations`),
  messages: (user, channel, thread) =>
    call("GET", conversation(user, channel) + query({ thread_ts: thread, limit: 200 })),
  say: (user, channel, text, thread) =>
    call("POST", `${conversation(user, channel)}/messages`, { text, ...(thread ? { thread_ts: thread } : {}) }),
  share: (user, channel, files, text, thread) =>
    call("POST", `${conversation(user, channel)}/files`, { files, text, ...(thread ? { thread_ts: thread } : {}) }),
  prompts: (user, channel) => call("GET", `${conversation(user, channel)}/prompts`),
  openMessages: (user) => call("POST", `/people/${at(user)}/messages/open`, {}),
  shortcuts: () => call("GET", "/people/shortcuts"),
  shortcut: (user, channel, ts, callback) => call("POST", `/people/${at(user)}/shortcuts`, { channel, ts, callback_id: callback }),
  command: (user, channel, command, text) => call("POST", `/people/${at(user)}/commands`, { channel, command, text }),
  act: (user, action) => call("POST", `/people/${at(user)}/actions`, action),
  suggest: (user, query) => call("POST", `/people/${at(user)}/suggestions`, query),
  views: (user) => call("GET", `/people/${at(user)}/views`),
  submit: (user, view, values) => call("POST", `/people/${at(user)}/views/${at(view)}/submit`, { values }),
  close: (user, view) => call("POST", `/people/${at(user)}/views/${at(view)}/close`, {}),
  home: (user) => call("GET", `/people/${at(user)}/home`),
  openHome: (user) => call("POST", `/people/${at(user)}/home/open`, {}),
  events: (user) => new EventSource(`/people/${at(user)}/events`),
  clock: () => call("GET", "/control/clock"),
  setClock: (iso) => call("POST", "/control/clock", { set: iso }),
  advanceClock: (seconds) => call("POST", "/control/clock", { advance_seconds: seconds }),
  journal: (filter) => call("GET", `/control/journal${query(filter)}`),
  deals: () => call("GET", "/control/crm/deals"),
  deal: (id) => call("GET", `/control/crm/deals/${at(id)}`),
  book: (properties) => call("POST", "/control/crm/bookings", { properties }),
  logEngagement: (engagement) => call("POST", "/control/crm/engagements", engagement),
  edit: (type, id, properties) => call("PATCH", `/control/crm/${at(type)}/${at(id)}`, { properties }),
};
