import { useTranslation } from "react-i18next";
import { nextSteps } from "../../lib/visitSteps";
import { Clock } from "../../ui/Clock";
import type { Entry } from "../command";
import { Link } from "../Link";
import { useLabel } from "../labels";
import { isStopped, waitingIn } from "../lanes";
import { isPlain, StepButton } from "../StepButton";
import type { Visit } from "../snapshot";
import { When } from "../When";

/** One visit in a list: when, to whom, what for, how it stands, and the next act. */
export function VisitCard({ visit, log }: { visit: Visit; log: readonly Entry[] }) {
  const label = useLabel();
  const { order, ticket, contact } = visit;
  const clock = ticket?.clocks[0];
  return (
    <li>
      <p>
        <When order={order} />
      </p>
      <h2>
        <Link to={{ page: "visit", id: order.id }}>{contact?.name ?? ticket?.number ?? order.id.slice(-4)}</Link>
      </h2>
      {contact && <p>{contact.address}</p>}
      {ticket && (
        <p>
          {ticket.number} · {ticket.summary}
        </p>
      )}
      <p>
        {label("work_order_status", order.status)}
        {order.pause_reason && ` · ${label("pause_reason", order.pause_reason)}`}
        {clock && " "}
        {clock && <Clock clock={clock} name={label("metric", clock.metric)} />}
      </p>
      <Next visit={visit} log={log} />
    </li>
  );
}

function Next({ visit: { order }, log }: { visit: Visit; log: readonly Entry[] }) {
  const { t } = useTranslation();
  const [next] = nextSteps(order);
  const waiting = waitingIn(log, order.id);
  if (isStopped(log, order.id)) return <Link to={{ page: "log" }}>{t("field.stopped")}</Link>;
  return (
    <>
      {waiting > 0 && <p className="quiet">{t("field.waiting", { count: waiting })}</p>}
      {isPlain(next) && <StepButton id={order.id} step={next} isMain />}
      {next && !isPlain(next) && (
        <Link className="button main" to={{ page: next === "acceptance" ? "acceptance" : "visit", id: order.id }}>
          {t(`workOrder.step.${next}`)}
        </Link>
      )}
    </>
  );
}
