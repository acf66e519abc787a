// Moving on to a morning without sleeping through anybody else's: on the way the clock stops at 08:30 of every
// zone that has people, until the app has said something there - as it would have on a night that really passed.

import { api } from "./api.js";
import { addDays, morningOf, wallClock, weekday } from "./time.js";

const DAY_MS = 86_400_000;
const LONGEST_STOP_MS = 2500;
const LOOK_EVERY_MS = 150;

/** The other zones' working mornings in the last 24 hours before `target` and after `now`, in order: {instant, zone}. */
export function stopsBefore(target, now, zones) {
  const from = Math.max(now, target - DAY_MS);
  return [...new Set(zones)]
    .flatMap((zone) => [0, 1].map((more) => ({ zone, date: addDays(wallClock(from, zone), more) })))
    .filter(({ date }) => ![0, 6].includes(weekday(date)))
    .map(({ zone, date }) => ({ zone, instant: morningOf(date, zone) }))
    .filter(({ instant }) => from < instant && instant < target)
    .sort((a, b) => a.instant - b.instant);
}

/** Set the clock to `target`, stopping on the way; answers the clock as the server has it then. */
export async function passTo(app, target) {
  const people = app.people.filter((person) => !person.is_bot);
  const zones = people.map((person) => person.tz);
  for (const { instant, zone } of stopsBefore(target, app.clock.now(), zones)) {
    const there = people.filter((person) => person.tz === zone);
    const before = await newest(there);
    app.clock.hear((await setTo(instant)).now);
    app.clockBar.draw();
    const until = performance.now() + LONGEST_STOP_MS;
    while (performance.now() < until && (await newest(there)) === before) await pause();
  }
  return setTo(target);
}

const setTo = (instant) => api.setClock(new Date(instant).toISOString());
const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));

/** What the app said last to these people, as something to compare. */
async function newest(people) {
  const dms = await Promise.all(people.map(async ({ id }) => (await api.conversations(id)).find((one) => one.kind === "dm")));
  return dms.map((dm) => dm?.last_ts ?? "").join(" ");
}
