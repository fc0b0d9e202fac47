import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Scrolled } from "../../ui/Scrolled";
import type { StoryItem } from "../history";
import { useLabel } from "../labels";
import { factsOf } from "../story";

/** Who did what, by when it became known. */
export function Story({ of, all }: { of: readonly StoryItem[]; all: number }) {
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
                <th scope="col">{t("audit.service")}</th>
                <th scope="col">{t("audit.what")}</th>
                <th scope="col">{t("audit.who")}</th>
              </tr>
            </thead>
            <tbody>
              {of.map((event) => (
                <Event key={event.id} event={event} />
              ))}
            </tbody>
          </table>
        </Scrolled>
      )}
    </section>
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
