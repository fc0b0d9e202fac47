import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { Empty } from "../../ui/Empty";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { MAY_SEE_LOOKS } from "./audit";
import type { RecordKind } from "./kinds";
import { Looks } from "./Looks";
import { Moment } from "./Moment";
import { knownAt, momentsOf } from "./moments";
import { RecordSheet } from "./RecordSheet";
import { RecordStory } from "./RecordStory";
import { type RecordEvent, type Sheet, useEvents, useSheet } from "./records";

const route = getRouteApi("/audit");

/** A record as it was known at a moment, what became of it by then, and who looked at its customer's contact. */
export function AuditedRecord({ kind, id }: { kind: RecordKind; id: string }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useEvents(kind, id);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (isPending) return <Loading lines={12} />;
  if (data.length === 0) return <Empty>{t("audit.noRecord")}</Empty>;
  return <Of kind={kind} id={id} events={data} />;
}

/** The moment is this page's own: the address only repeats it, so that keys may come faster than it follows. */
function Of({ kind, id, events }: { kind: RecordKind; id: string; events: RecordEvent[] }) {
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const [at, setAt] = useState(search.at);
  const { data: sheet, error, refetch } = useSheet(kind, id, at);
  const maySeeLooks = hasRole(usePerson(), MAY_SEE_LOOKS);
  const known = knownAt(events, at);
  const customer = customerOf(kind, id, sheet);
  function look(moment: string | undefined): void {
    setAt(moment);
    void navigate({ search: { kind, id, ...(moment && { at: moment }) }, replace: true });
  }
  return (
    <>
      <Moment moments={momentsOf(events)} at={at} onChange={look} />
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <RecordSheet kind={kind} id={id} sheet={sheet ?? null} known={known} />
      <RecordStory of={known} all={events.length} />
      {maySeeLooks && customer && <Looks customer={customer} />}
    </>
  );
}

function customerOf(kind: RecordKind, id: string, sheet: Sheet | null | undefined): string | null {
  if (kind === "customer") return id;
  return sheet && sheet.kind !== "model" ? sheet.of.customer_id : null;
}
