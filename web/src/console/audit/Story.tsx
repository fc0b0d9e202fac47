import { dateTime } from "../../lib/times";
import type { StoryItem } from "../history";
import { useLabel } from "../labels";
import { factsOf } from "../story";
import { Ledger } from "./Ledger";

const COLUMNS = ["recorded", "occurred", "service", "what", "who"] as const;

/** What became of a ticket in all services. */
export function Story({ of, all }: { of: readonly StoryItem[]; all: number }) {
  return (
    <Ledger count={of.length} all={all} columns={COLUMNS}>
      {of.map((event) => (
        <Event key={event.id} event={event} />
      ))}
    </Ledger>
  );
}

function Event({ event }: { event: StoryItem }) {
  const label = useLabel();
  return (
    <tr>
      <td>{dateTime(event.recorded_at)}</td>
      <td>{dateTime(event.occurred_at)}</td>
      <td>{label("service", event.source)}</td>
      <td>{[label("event", event.type), ...factsOf(event, null)].join(" · ")}</td>
      <td>{event.actor_name ?? event.actor ?? "–"}</td>
    </tr>
  );
}
