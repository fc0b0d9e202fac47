import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";
import { usePhone, usePhoneState } from "../phone";
import type { Ticket } from "../snapshot";
import { Account } from "./Account";
import { LogEntry } from "./LogEntry";
import { Storage } from "./Storage";

/** 同步: what was done on this phone and is not recorded yet, why something was refused, and who works here. */
export function SyncLog() {
  const { t } = useTranslation();
  const phone = usePhone();
  const { log, snapshot } = usePhoneState();
  const ticketOf = (id: string): Ticket | null | undefined =>
    snapshot?.visits.find(({ order }) => order.id === id)?.ticket;
  return (
    <>
      <h1>{t("field.log")}</h1>
      {log.length === 0 && <Empty>{t("field.allSent")}</Empty>}
      <ol className="cards">
        {log.map((entry) => (
          <LogEntry key={entry.order} entry={entry} number={ticketOf(entry.command.work_order_id)?.number} />
        ))}
      </ol>
      <div className="pair">
        <button type="button" onClick={phone.sync}>
          {t("field.syncNow")}
        </button>
      </div>
      <Storage log={log} />
      <Account isSent={log.length === 0} />
    </>
  );
}
