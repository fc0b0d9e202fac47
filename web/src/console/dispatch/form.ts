import { clockTime, dayOf, instantOf, startOf, upcoming } from "./day";
import { lengthOf, type Plan, slotOf, type WorkOrder } from "./visit";

const MINUTE = 60_000;
/** Minutes that are offered, beside what the visit takes now. */
const LENGTHS = [30, 60, 90, 120, 180, 240, 480];

/** A plan as it is filled in. */
export interface Values {
  /** Empty: nobody is chosen yet. */
  engineerId: string;
  day: string;
  time: string;
  minutes: number;
  confirmed: boolean;
}

/** The plan as it stands, or the next time of the day that is looked at. */
export function valuesOf(order: WorkOrder, day: string, now: number): Values {
  const slot = slotOf(order);
  const morning = startOf(day) + 9 * 60 * MINUTE;
  const start = slot?.start ?? upcoming(Math.max(now, morning));
  return {
    engineerId: order.engineer_id ?? "",
    day: dayOf(start),
    time: clockTime(start),
    minutes: lengthOf(order) / MINUTE,
    confirmed: slot?.confirmed ?? false,
  };
}

/** The plan that the values make; null while something is missing. */
export function planOf({ engineerId, day, time, minutes, confirmed }: Values): Plan | null {
  const start = instantOf(day, time);
  if (!engineerId || Number.isNaN(start)) return null;
  return { engineerId, start, end: start + minutes * MINUTE, confirmed };
}

/** Lengths to choose from, in minutes. */
export function lengthsWith(minutes: number): number[] {
  return [...new Set([...LENGTHS, minutes])].sort((one, other) => one - other);
}
