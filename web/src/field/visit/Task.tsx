import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Clock } from "../../ui/Clock";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import { foreseen, type WorkOrder } from "../lanes";
import { usePhoneState } from "../phone";
import type { Contact, Ticket, Visit } from "../snapshot";
import { When } from "../When";
import { Earlier } from "./Earlier";
import { Steps } from "./Steps";

/** 任务: where to go, whom to ring, what for, what was done there before, and the steps. */
export function Task({ visit }: { visit: Visit }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { log } = usePhoneState();
  const { ticket, contact, earlier } = visit;
  const order = foreseen(visit.order, log);
  return (
    <>
      <h1>{t("workOrder.visitOf", { number: ticket?.number ?? "…", visit: order.visit })}</h1>
      <p>
        {label("work_order_status", order.status)}
        {order.pause_reason && ` · ${label("pause_reason", order.pause_reason)}`}
      </p>
      <Steps order={order} log={log} />
      {contact && <Customer contact={contact} />}
      <Facts
        of={[
          [t("workOrder.appointment"), <When key="when" order={order} />],
          [t("workOrder.called"), order.called_at && <Called key="called" order={order} />],
          [t("workOrder.kind"), label("job_type", order.job_type)],
          [t("workOrder.skills"), order.skills.join(" · ")],
          [t("field.summary"), ticket?.summary],
          [t("field.urgency"), ticket && label("urgency", ticket.urgency)],
          [t("workOrder.note"), order.pause_note],
          [t("workOrder.arrived"), order.arrived_at && dateTime(order.arrived_at)],
          [t("workOrder.completed"), order.completed_at && dateTime(order.completed_at)],
          [t("workOrder.failed"), order.failure_reason && label("failure_reason", order.failure_reason)],
          [t("workOrder.nextStep"), order.next_step && label("next_step", order.next_step)],
          [t("workOrder.note"), order.failure_note],
          [t("workOrder.result"), order.result],
          [t("workOrder.rejection"), order.rejection_reasons?.join("\n")],
        ]}
      />
      {ticket && <Clocks ticket={ticket} />}
      <Earlier visits={earlier} />
    </>
  );
}

function Called({ order: { called_at, call_outcome, call_note } }: { order: WorkOrder }) {
  const label = useLabel();
  return (
    <>
      {[called_at && dateTime(called_at), call_outcome && label("visit_call", call_outcome), call_note]
        .filter(Boolean)
        .join(" · ")}
    </>
  );
}

function Customer({ contact: { name, phones, address, site } }: { contact: Contact }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("workOrder.contact")}>
      <p>{name}</p>
      <div className="pair">
        {phones.map(({ typed, e164 }) => (
          <a key={typed} className="button" href={`tel:${e164 ?? typed.replace(/[^\d+]/g, "")}`}>
            {t("field.call", { number: typed })}
          </a>
        ))}
        <a className="button" href={`geo:0,0?q=${encodeURIComponent(address)}`}>
          {t("field.map")}
        </a>
      </div>
      <p>{[site, address].filter(Boolean).join(" · ")}</p>
    </section>
  );
}

function Clocks({ ticket }: { ticket: Ticket }) {
  const label = useLabel();
  return (
    <p>
      {ticket.clocks.map((clock) => (
        <Clock key={clock.metric} clock={clock} name={label("metric", clock.metric)} />
      ))}
    </p>
  );
}
