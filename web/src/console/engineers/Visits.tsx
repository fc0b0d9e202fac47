import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { useTicketsById } from "../tickets";
import { useVisits, type Visit } from "./engineers";

/** What is before an engineer: visits that are planned or under way, the earliest first. */
export function Visits({ of }: { of: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useVisits(of);
  const ids = useMemo(() => [...new Set(data?.map(({ ticket_id }) => ticket_id))], [data]);
  const tickets = useTicketsById(ids);
  return (
    <section className="panel" aria-labelledby="visits">
      <h2 id="visits">{t("engineers.visits")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={4} />}
      {data?.length === 0 && <Empty>{t("engineers.noVisits")}</Empty>}
      <ul>
        {data?.map((visit) => (
          <Line key={visit.id} visit={visit} number={tickets.get(visit.ticket_id)?.number} />
        ))}
      </ul>
    </section>
  );
}

function Line({ visit, number }: { visit: Visit; number: string | undefined }) {
  const { t } = useTranslation();
  const label = useLabel();
  const time = visit.appointment ?? visit.proposal;
  const promise = visit.appointment ? t("workOrder.agreed") : t("workOrder.offered");
  const said = time ? `${dateTime(time.start)} · ${promise}` : t("workOrder.noTime");
  return (
    <li>
      <Link to="/work-orders/$workOrderId" params={{ workOrderId: visit.id }}>
        {t("workOrder.visitOf", { number: number ?? "…", visit: visit.visit })}
      </Link>{" "}
      · {label("work_order_status", visit.status)} · {said}
    </li>
  );
}
