import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { MAY_ACT } from "./acts";
import { ReopenDialog } from "./ReopenDialog";
import type { TicketDetails } from "./ticket";

/** 重开: a closed ticket goes on, or a new one follows it; and which one this ticket follows. */
export function Reopening({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const mayAct = hasRole(usePerson(), MAY_ACT);
  return (
    <>
      {mayAct && <Reopen ticket={ticket} />}
      {ticket.follows && (
        <p>
          {t("life.follows")}{" "}
          <Link to="/tickets/$ticketId" params={{ ticketId: ticket.follows }}>
            {t("register.open")}
          </Link>
        </p>
      )}
    </>
  );
}

function Reopen({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  if (ticket.status !== "closed" && !isAsking) return null;
  return (
    <div className="acts">
      <Button onClick={() => setAsking(true)}>{t("life.reopen")}</Button>
      <Link to="/register" search={{ follows: ticket.id }}>
        {t("life.follow")}
      </Link>
      {isAsking && <ReopenDialog ticketId={ticket.id} onClose={() => setAsking(false)} />}
    </div>
  );
}
