import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Scrolled } from "../../ui/Scrolled";
import { useLabel } from "../labels";
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
  "PolicyDrafted",
  "PolicyApproved",
  "PolicyRetired",
  "PolicyReassessmentOrdered",
  "CalendarDrafted",
  "CalendarApproved",
  "CalendarRetired",
  "CalendarReassessmentOrdered",
] as const;

/** Who did what, by when it became known. */
export function RecordStory({ of, all }: { of: readonly RecordEvent[]; all: number }) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="story">
      <h2 id="story">{t("audit.story", { count: of.length, all })}</h2>
      {of.length === 0 && <Empty>{t("audit.nothingYet")}</Empty>}
      {of.length > 0 && (
        <Scrolled label={t("audit.storyList")}>
          <table className="ledger" aria-label={t("audit.storyList")}>
            <thead>
              <tr>
                <th scope="col">{t("audit.recorded")}</th>
                <th scope="col">{t("audit.occurred")}</th>
                <th scope="col">{t("audit.what")}</th>
                <th scope="col">{t("audit.who")}</th>
              </tr>
            </thead>
            <tbody>
              {of.map((event) => (
                <Step key={event.id} event={event} />
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
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
