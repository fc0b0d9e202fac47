import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { AssignDialog } from "../AssignDialog";
import { type OwnerAct, ownerActs, useOwner } from "../owner";
import type { TicketDetails } from "./ticket";

/** Whose the ticket is, and what the person may do about it. */
export function Owner({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const acts = ownerActs(usePerson(), ticket);
  const change = useOwner();
  const [assigning, setAssigning] = useState(false);
  function start(act: OwnerAct): void {
    if (act === "assign") setAssigning(true);
    else change.mutate({ ticket, owner: act === "claim" ? "me" : null });
  }
  const name = ticket.owner_id ? (ticket.owner_name ?? t("owner.unknown")) : t("owner.nobody");
  return (
    <>
      <fieldset className="acts" aria-label={t("queue.owner")}>
        <span>{t("owner.now", { name })}</span>
        {acts.map((act) => (
          <Button key={act} size="small" loading={change.isPending} onClick={() => start(act)}>
            {t(`owner.${act}`)}
          </Button>
        ))}
      </fieldset>
      {change.error && <Failure error={change.error} />}
      {assigning && <AssignDialog ticket={ticket} onClose={() => setAssigning(false)} />}
    </>
  );
}
