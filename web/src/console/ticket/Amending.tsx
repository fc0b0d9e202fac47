import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { AmendDialog } from "./AmendDialog";
import { MAY_ACT } from "./acts";
import type { TicketDetails } from "./ticket";

/** 更正: what a ticket says is put right until it ends, with a reason. */
export function Amending({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<TicketDetails | null>(null);
  const isOver = ticket.status === "closed" || ticket.status === "cancelled";
  const mayAmend = hasRole(usePerson(), MAY_ACT) && !isOver;
  if (!mayAmend && !shown) return null;
  return (
    <>
      <Button onClick={() => setShown(ticket)}>{t("life.amend")}</Button>
      {shown && <AmendDialog ticket={shown} onClose={() => setShown(null)} />}
    </>
  );
}
