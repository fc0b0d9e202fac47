import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { useLabel } from "../labels";
import { Ledger } from "./Ledger";
import type { RecordEvent } from "./records";

/** What services keep to themselves, by the name behind the dot: no vocabulary has it. */
const OWN = [
  "CustomerAmended",
  "ErasureRequested",
  "ErasureWithdrawn",
  "CustomerClassified",
  "PersonNoted",
  "PersonRemoved",
  "SiteNoted",
  "SiteRemoved",
  "ModelDefined",
  "PolicyDrafted",
  "PolicyApproved",
  "PolicyRetired",
  "PolicyReassessmentOrdered",
  "CalendarDrafted",
  "CalendarApproved",
  "CalendarRetired",
  "CalendarReassessmentOrdered",
] as const;

const COLUMNS = ["recorded", "occurred", "what", "who"] as const;

/** What became of a record in its service. */
export function RecordStory({ of, all }: { of: readonly RecordEvent[]; all: number }) {
  return (
    <Ledger count={of.length} all={all} columns={COLUMNS}>
      {of.map((event) => (
        <Step key={event.id} event={event} />
      ))}
    </Ledger>
  );
}

function Step({ event }: { event: RecordEvent }) {
  const { t } = useTranslation();
  const label = useLabel();
  const own = OWN.find((name) => event.type.endsWith(`.${name}`));
  return (
    <tr>
      <td>{dateTime(event.recorded_at)}</td>
      <td>{dateTime(event.occurred_at)}</td>
      <td>{own ? t(`audit.step_of.${own}`) : label("event", event.type)}</td>
      <td>{event.actor_name ?? event.actor ?? "–"}</td>
    </tr>
  );
}
