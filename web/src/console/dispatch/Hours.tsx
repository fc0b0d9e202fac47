import { current } from "../../lib/now";
import { day as dayText } from "../../lib/times";
import { clockTime, dayOf, hoursOf, widthOf } from "./day";
import type { Shown } from "./span";

const HOUR = 3_600_000;

/** The head of the schedule; each bar says its times by itself. */
export function Hours({ shown: { days, span } }: { shown: Shown }) {
  const { every, hourWidth } = span;
  return (
    <div className="hours" aria-hidden="true">
      <span className="corner" />
      {days.map((day) =>
        hoursOf(day)
          .filter((_, index) => index % every === 0)
          .map((hour, index, { length }) => (
            <span
              key={hour}
              style={{ width: widthOf(index < length - 1 ? every * HOUR : rest(day, every), hourWidth) }}
            >
              {index === 0 && days.length > 1 ? <b>{shortDay(hour)}</b> : clockTime(hour)}
            </span>
          )),
      )}
    </div>
  );
}

/** What is left of a day from its last written hour on: days with another number of hours than 24 end sooner or later. */
function rest(day: string, every: number): number {
  const count = hoursOf(day).length;
  return (count - Math.floor((count - 1) / every) * every) * HOUR;
}

/** `11-28 周六`. */
function shortDay(instant: number): string {
  return dayText(new Date(instant).toISOString()).slice(5);
}

export function NowLine({ at }: { at: number }) {
  return <div className="now-line" style={{ translate: `${at}px` }} />;
}

/** What the schedule shows first: an hour before now, or the first morning. */
export function openingOf({ days, start }: Shown): number {
  const now = current();
  return days.includes(dayOf(now)) ? now - HOUR : start + 7.5 * HOUR;
}
