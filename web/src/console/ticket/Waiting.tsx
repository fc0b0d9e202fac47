import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import type { TicketDetails } from "./ticket";
import { WaitDialog } from "./WaitDialog";
import { useGoOn } from "./wait";

const MAY_WAIT = ["agent", "manager", "triage", "dispatcher"];

/** 等待谁: whom the ticket waits for, why, and when somebody looks at it again. */
export function Waiting({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const stop = useGoOn(ticket.id);
  const isOver = ticket.status === "closed" || ticket.status === "cancelled";
  const maySay = hasRole(usePerson(), MAY_WAIT) && !isOver;
  if (!maySay && !ticket.waits_for && !isAsking) return null;
  return (
    <>
      <fieldset className="acts" aria-label={t("life.waits")}>
        <Whom ticket={ticket} />
        {maySay && (
          <Button size="small" onClick={() => setAsking(true)}>
            {t("life.wait")}
          </Button>
        )}
        {maySay && ticket.waits_for && (
          <Button size="small" loading={stop.isPending} onClick={() => stop.mutate()}>
            {t("life.goOn")}
          </Button>
        )}
      </fieldset>
      {stop.error && <Failure error={stop.error} />}
      {isAsking && <WaitDialog ticket={ticket} onClose={() => setAsking(false)} />}
    </>
  );
}

function Whom({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (!ticket.waits_for || !ticket.look_again_at) return null;
  const said = {
    whom: label("waits_for", ticket.waits_for),
    why: ticket.wait_reason ?? t("ticket.erased"),
    when: dateTime(ticket.look_again_at, ticket.timezone),
  };
  return <span>{t("life.waiting", said)}</span>;
}
