import { Clock } from "../ui/Clock";
import type { ClockItem } from "./clocks";
import { useLabel } from "./labels";

/** All open clocks of a ticket, the nearest first. */
export function ClockRow({ of }: { of: readonly ClockItem[] | undefined }) {
  const label = useLabel();
  return of?.map((clock) => <Clock key={clock.id} clock={clock} name={label("metric", clock.metric)} />);
}
