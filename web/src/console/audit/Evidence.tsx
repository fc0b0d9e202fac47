import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { type Evidence as Late, MAY_SEE_EVIDENCE, useEvidence } from "./audit";

/** What was recorded so late that it counts only if somebody says so, and who said what. */
export function Evidence({ ticket }: { ticket: string }) {
  const { t } = useTranslation();
  const maySee = hasRole(usePerson(), MAY_SEE_EVIDENCE);
  const { data, error, refetch } = useEvidence(ticket, maySee);
  if (!maySee) return null;
  return (
    <section className="panel" aria-labelledby="evidence">
      <h2 id="evidence">{t("audit.evidence")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data?.length === 0 && <Empty>{t("audit.noEvidence")}</Empty>}
      <ul>
        {data?.map((one) => (
          <Line key={one.id} of={one} />
        ))}
      </ul>
    </section>
  );
}

function Line({ of }: { of: Late }) {
  const { t } = useTranslation();
  const label = useLabel();
  const said = [
    label("event", of.type),
    `${t("audit.occurred")} ${dateTime(of.occurred_at)}`,
    `${t("audit.recorded")} ${dateTime(of.recorded_at)}`,
    of.actor_name ?? of.actor,
    label("evidence_status", of.status),
    of.ruled_at && dateTime(of.ruled_at),
    of.reason,
  ];
  return <li>{said.filter(Boolean).join(" · ")}</li>;
}
