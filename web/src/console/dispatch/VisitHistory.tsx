import { useTranslation } from "react-i18next";
import { dateTime, shortTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { codesOf } from "../codes";
import { useLabel } from "../labels";
import { nameOf } from "./lanes";
import { useEngineers } from "./orders";
import type { WorkOrder } from "./visit";
import { type StoryItem, useVisitHistory } from "./workOrder";

/** What happened to this visit alone; the ticket's page has the whole story. */
export function VisitHistory({ order }: { order: WorkOrder }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useVisitHistory(order);
  return (
    <section className="panel" aria-labelledby="visit-history">
      <h2 id="visit-history">{t("workOrder.history")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={4} />}
      {data?.length === 0 && <Empty>{t("workOrder.noHistory")}</Empty>}
      <ol className="visit-history">
        {data?.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event }: { event: StoryItem }) {
  const label = useLabel();
  const engineers = useEngineers();
  const engineer = engineers.data?.find(({ id }) => id === event.fields.engineer_id);
  const { start, end } = event.fields;
  const facts = [
    engineer && nameOf(engineer),
    ...codesOf(event),
    typeof start === "string" && typeof end === "string" && `${shortTime(start)} – ${shortTime(end)}`,
  ];
  return (
    <li>
      <time dateTime={event.occurred_at}>{dateTime(event.occurred_at)}</time>
      <strong>{label("event", event.type)}</strong> {facts.filter(Boolean).join(" · ")}
    </li>
  );
}
