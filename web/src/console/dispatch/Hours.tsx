import { current } from "../../lib/now";
import { clockTime, dayOf, hoursOf, startOf, widthOf } from "./day";

const HOUR = 3_600_000;

/** The head of the schedule; each bar says its times by itself. */
export function Hours({ day }: { day: string }) {
  const hours = hoursOf(day);
  return (
    <div className="hours" aria-hidden="true">
      <span className="corner" />
      {hours.map((hour) => (
        <span key={hour}>{clockTime(hour)}</span>
      ))}
    </div>
  );
}

export function NowLine({ at }: { at: number }) {
  return <div className="now-line" style={{ translate: `${widthOf(at)}px` }} />;
}

/** What the schedule shows first: an hour before now, or the morning. */
export function openingOf(day: string): number {
  const now = current();
  return dayOf(now) === day ? now - HOUR : startOf(day) + 7.5 * HOUR;
}
