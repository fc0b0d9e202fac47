import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { type ClockItem, useTicketClocks } from "./ticket";

/** Every clock of the ticket, those that ended too, and by which rule it counts. */
export function Clocks({ id, zone }: { id: string; zone: string | null }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useTicketClocks(id);
  return (
    <section className="panel" aria-labelledby="clocks">
      <h2 id="clocks">{t("clock.title")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={3} />}
      {data?.length === 0 && <Empty>{t("clock.none")}</Empty>}
      {data?.map((clock) => (
        <Details key={clock.id} clock={clock} zone={zone} />
      ))}
    </section>
  );
}

function Details({ clock, zone }: { clock: ClockItem; zone: string | null }) {
  const { t } = useTranslation();
  const label = useLabel();
  const due = clock.due_at
    ? dateTime(clock.due_at, zone)
    : clock.no_deadline && label("no_deadline", clock.no_deadline);
  return (
    <details className="clock-details">
      <summary>
        <Clock clock={clock} name={label("metric", clock.metric)} />
      </summary>
      <Facts
        of={[
          [t("clock.state"), label("clock_status", clock.status)],
          [t("clock.due"), due],
          [t("clock.started"), dateTime(clock.started_at, zone)],
          [t("clock.policy"), clock.policy],
          [t("clock.calendar"), clock.calendar],
        ]}
      />
    </details>
  );
}
