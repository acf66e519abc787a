// Instants are milliseconds since the epoch (UTC); civil dates are {year, month, day}. The browser's own
// zone is never used: everything is shown in the zone of the person acted as.

const LOCALE = "en-GB";
const DAY_MS = 86_400_000;

/** The wall clock at `instant` in `zone`. */
export function wallClock(instant, zone) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const at = (type) => Number(parts.find((part) => part.type === type).value);
  return {
    year: at("year"),
    month: at("month"),
    day: at("day"),
    hour: at("hour"),
    minute: at("minute"),
    second: at("second"),
  };
}

function offset(instant, zone) {
  const w = wallClock(instant, zone);
  const asUtc = Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second);
  return asUtc - Math.floor(instant / 1000) * 1000;
}

/** The instant at which clocks in `zone` show this date and time; a skipped hour gives the time after it. */
export function instantOf(date, hour, minute, zone) {
  const naive = Date.UTC(date.year, date.month - 1, date.day, hour, minute);
  const first = naive - offset(naive, zone);
  return naive - offset(first, zone);
}

export function addDays(date, days) {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day) + days * DAY_MS);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** 0 is Sunday, 6 is Saturday. */
export function weekday(date) {
  return new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
}

/** The civil date in the first ten characters of an ISO string; null if there is none. */
export function parseDate(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text ?? "");
  return match ? { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) } : null;
}

export function isoDate({ year, month, day }) {
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

const MORNING = { hour: 8, minute: 30 };

/** 08:30 on a civil date in `zone`. */
export function morningOf(date, zone) {
  return instantOf(date, MORNING.hour, MORNING.minute, zone);
}

export function nextMorning(now, zone) {
  return morningOf(addDays(wallClock(now, zone), 1), zone);
}

/** 08:30 on the next day that is neither Saturday nor Sunday. */
export function nextWorkingMorning(now, zone) {
  let date = addDays(wallClock(now, zone), 1);
  while ([0, 6].includes(weekday(date))) date = addDays(date, 1);
  return morningOf(date, zone);
}

function format(instant, zone, options) {
  return new Intl.DateTimeFormat(LOCALE, { timeZone: zone, hourCycle: "h23", ...options }).format(instant);
}

export function timeText(instant, zone) {
  return format(instant, zone, { hour: "2-digit", minute: "2-digit" });
}

export function timeWithSeconds(instant, zone) {
  return format(instant, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** "Mon 23 Nov 2026" */
export function dateText(instant, zone) {
  const text = format(instant, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  return text.replaceAll(",", "");
}

/** "Mon 23 Nov 2026" for a civil date. */
export function civilText(date) {
  return dateText(Date.UTC(date.year, date.month - 1, date.day), "UTC");
}

/** "Monday 23 November", with the year only when it is not this one. */
export function dayHeading(instant, now, zone) {
  const sameYear = wallClock(instant, zone).year === wallClock(now, zone).year;
  const options = { weekday: "long", day: "numeric", month: "long", year: sameYear ? undefined : "numeric" };
  return format(instant, zone, options).replaceAll(",", "");
}

/** The name of the zone as a place: "America/New_York" is "New York". */
export function placeName(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

/** How Slack writes `<!date^…^{token}>`; an unknown token stays as written. */
export function slackDate(seconds, pattern, now, zone) {
  const instant = seconds * 1000;
  const day = (options) => format(instant, zone, options);
  const relative = relativeDay(instant, now, zone);
  const short = () => day({ day: "numeric", month: "short", year: "numeric" });
  const medium = () => day({ day: "numeric", month: "long", year: "numeric" });
  const long = () => day({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const words = {
    date_num: () => isoDate(wallClock(instant, zone)),
    date: medium,
    date_short: short,
    date_long: long,
    date_pretty: () => relative ?? medium(),
    date_short_pretty: () => relative ?? short(),
    date_long_pretty: () => relative ?? long(),
    time: () => timeText(instant, zone),
    time_secs: () => timeWithSeconds(instant, zone),
    ago: () => agoText(now - instant),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => (words[token] ? words[token]() : whole));
}

function relativeDay(instant, now, zone) {
  const iso = isoDate(wallClock(instant, zone));
  const today = wallClock(now, zone);
  if (iso === isoDate(today)) return "today";
  if (iso === isoDate(addDays(today, -1))) return "yesterday";
  return iso === isoDate(addDays(today, 1)) ? "tomorrow" : null;
}

function agoText(ms) {
  const units = [["day", DAY_MS], ["hour", 3_600_000], ["minute", 60_000]];
  const [name, size] = units.find(([, unit]) => Math.abs(ms) >= unit) ?? ["second", 1000];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(-Math.round(ms / size), name);
}

/** The workspace's business time: what the server last said, running on with this machine's clock. */
export class BusinessClock {
  #said = Date.now();
  #heardAt = performance.now();

  hear(iso) {
    this.#said = Date.parse(iso);
    this.#heardAt = performance.now();
  }

  now() {
    return this.#said + (performance.now() - this.#heardAt);
  }
}
