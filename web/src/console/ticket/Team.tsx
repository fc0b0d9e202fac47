import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { MAY_ACT } from "./acts";
import { TeamDialog } from "./TeamDialog";
import type { TicketDetails } from "./ticket";

/** 班组: which team has the ticket, beside its owner, and another one that gets it. */
export function Team({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const isOver = ticket.status === "closed" || ticket.status === "cancelled";
  const mayGive = hasRole(usePerson(), MAY_ACT) && !isOver;
  if (!mayGive && !ticket.team && !isAsking) return null;
  return (
    <>
      <fieldset className="acts" aria-label={t("life.team")}>
        <span>{t("life.teamNow", { name: ticket.team ?? t("life.noTeam") })}</span>
        {mayGive && (
          <Button size="small" onClick={() => setAsking(true)}>
            {t("life.giveToTeam")}
          </Button>
        )}
      </fieldset>
      {isAsking && <TeamDialog ticket={ticket} onClose={() => setAsking(false)} />}
    </>
  );
}
