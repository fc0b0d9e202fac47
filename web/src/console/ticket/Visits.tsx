import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { body, dispatch } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { dateTime } from "../../lib/times";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { Print } from "../Print";
import type { TicketDetails } from "./ticket";

/** 任务单: the visits of the ticket, the first one first; its triage beside them. */
export function Visits({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, error, refetch } = useVisits(ticket.id);
  return (
    <section className="panel" aria-labelledby="visits">
      <h2 id="visits">{t("ticket.visits")}</h2>
      <p>
        <Link to="/triage/$ticketId" params={{ ticketId: ticket.id }}>
          {t("ticket.triage")}
        </Link>
      </p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <ol>
        {data?.map((visit) => (
          <li key={visit.id}>
            <Link to="/work-orders/$workOrderId" params={{ workOrderId: visit.id }}>
              {label("work_order_status", visit.status)}
              {visit.appointment && ` · ${dateTime(visit.appointment.start, ticket.timezone)}`}
            </Link>
            <Print visit={visit} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function useVisits(id: string) {
  const query = { ticket_id: [id], limit: 50, sort: "opened_at" as const };
  return useQuery({
    queryKey: ["work-orders", "of", id],
    queryFn: () => body(dispatch.GET("/v1/work-orders", { params: { query } })),
    select: (page) => page.items,
    refetchInterval: EVERY,
  });
}
