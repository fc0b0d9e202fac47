import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Failure } from "../../ui/Failure";
import { Alike } from "../Alike";
import { useDuplicates } from "../duplicates";
import { ActDialog } from "./ActDialog";
import { actsOn, MAY_ACT } from "./acts";
import type { Read, TicketDetails } from "./ticket";
import { UnmergeDialog } from "./UnmergeDialog";

/** 重复单: the tickets that this one stands for, with their callers, and those that may be about the same matter. */
export function Duplicates({ read }: { read: Read }) {
  return hasRole(usePerson(), MAY_ACT) ? <Section read={read} /> : null;
}

function Section({ read }: { read: Read }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useDuplicates(read.ticket.id);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data || (data.merged.length + data.items.length === 0 && !read.ticket.duplicate_of)) return null;
  return (
    <section className="panel" aria-labelledby="duplicates">
      <h2 id="duplicates">{t("merging.title")}</h2>
      <Unmerge ticket={read.ticket} />
      {data.merged.length > 0 && <p>{t("merging.merged", { count: data.merged.length })}</p>}
      <ul className="alike">
        {data.merged.map((ticket) => (
          <Alike key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {!data.merged_complete && <p>{t("merging.more")}</p>}
      {data.items.length > 0 && <p>{t("merging.perhaps", { count: data.items.length })}</p>}
      <ul className="alike">
        {data.items.map((ticket) => (
          <Alike key={ticket.id} ticket={ticket}>
            <Merge read={read} number={ticket.number} />
          </Alike>
        ))}
      </ul>
    </section>
  );
}

/** Takes the merge of the ticket of this page back, after it was asked why. */
function Unmerge({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  if (!ticket.duplicate_of && !isAsking) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>{t("merging.unmerge")}</Button>
      {isAsking && <UnmergeDialog ticketId={ticket.id} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Merges the ticket of this page into another one, after it was asked whether and why. */
function Merge({ read, number }: { read: Read; number: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Read | null>(null);
  if (!actsOn(read.ticket.status).includes("duplicate") && !shown) return null;
  return (
    <>
      <Button size="small" onClick={() => setShown(read)}>
        {t("merging.into", { number })}
      </Button>
      {shown && <ActDialog act="duplicate" shown={shown} now={read} number={number} onClose={() => setShown(null)} />}
    </>
  );
}
