import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Scrolled } from "../../ui/Scrolled";
import { useLabel } from "../labels";
import type { RecordKind } from "./kinds";
import type { Asset, Contract, Model, RecordEvent, Sheet, WorkOrder } from "./records";
import { saidBy } from "./said";

interface RecordSheetProps {
  kind: RecordKind;
  id: string;
  /** As its service knew it; null where it has none. */
  sheet: Sheet | null;
  known: readonly RecordEvent[];
}

/** The record as it was known at the moment. */
export function RecordSheet({ kind, id, sheet, known }: RecordSheetProps) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="known">
      <h2 id="known">{t("audit.ticket")}</h2>
      {known.length === 0 && <Empty>{t("audit.nothingYet")}</Empty>}
      {known.length > 0 && sheet?.kind === "work_order" && <OfWorkOrder order={sheet.of} />}
      {known.length > 0 && sheet?.kind === "contract" && <OfContract contract={sheet.of} />}
      {known.length > 0 && sheet?.kind === "asset" && <OfAsset asset={sheet.of} />}
      {known.length > 0 && sheet?.kind === "model" && <OfModel model={sheet.of} />}
      {known.length > 0 && kind === "customer" && <OfCustomer id={id} known={known} />}
      {known.length > 0 && (kind === "policy" || kind === "calendar") && <OfRule id={id} known={known} />}
    </section>
  );
}

function OfWorkOrder({ order }: { order: WorkOrder }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Facts
      of={[
        [t("audit.recordId"), order.id],
        [t("audit.version"), String(order.version)],
        [t("audit.status"), label("work_order_status", order.status)],
        [t("audit.visits"), t("audit.visit", { visit: order.visit })],
        [t("workOrder.kind"), label("job_type", order.job_type)],
        [t("workOrder.appointment"), order.appointment && dateTime(order.appointment.start)],
        [t("workOrder.arrived"), order.arrived_at && dateTime(order.arrived_at)],
        [t("workOrder.completed"), order.completed_at && dateTime(order.completed_at)],
        [t("audit.customer"), order.customer_id],
      ]}
    />
  );
}

function OfContract({ contract }: { contract: Contract }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <Facts
      of={[
        [t("audit.recordId"), contract.number],
        [t("audit.version"), String(contract.version)],
        [t("audit.recordKind"), label("contract_kind", contract.kind)],
        [t("audit.signed"), dateTime(contract.signed_at)],
        [t("audit.ended"), contract.ended_at && dateTime(contract.ended_at)],
        [t("audit.terms"), String(contract.terms.length)],
        [t("audit.amendments"), String(contract.amendments.length)],
        [t("audit.customer"), contract.customer_id],
      ]}
    />
  );
}

function OfAsset({ asset }: { asset: Asset }) {
  const { t } = useTranslation();
  const named: [string, ReactNode][] = [
    [t("audit.model"), [asset.maker, asset.model].filter(Boolean).join(" ")],
    [t("audit.serial"), asset.serial],
    [t("audit.card"), asset.card_number],
  ];
  return (
    <Facts
      of={[
        [t("audit.recordId"), asset.id],
        [t("audit.version"), String(asset.version)],
        ...named,
        [t("audit.sites"), String(asset.sites.length)],
        [t("audit.parts"), String(asset.parts.length)],
        [t("audit.contracts"), String(asset.contracts.length)],
        [t("audit.ended"), asset.retired_at && dateTime(asset.retired_at)],
        [t("audit.customer"), asset.customer_id],
      ]}
    />
  );
}

function OfModel({ model }: { model: Model }) {
  const { t } = useTranslation();
  return (
    <Facts
      of={[
        [t("audit.recordId"), model.id],
        [t("audit.version"), String(model.version)],
        [t("audit.model"), [model.maker, model.name].filter(Boolean).join(" ")],
        [t("audit.terms"), String(model.terms.length)],
        [t("audit.parts"), String(model.components.length)],
      ]}
    />
  );
}

/** No name and no place: who looks at those is recorded, and an audit needs none. */
function OfCustomer({ id, known }: { id: string; known: readonly RecordEvent[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { customerKind, people, sites } = saidBy(known);
  return (
    <Facts
      of={[
        [t("audit.recordId"), id],
        [t("audit.recordKind"), customerKind && label("customer_kind", customerKind)],
        [t("audit.people"), String(people)],
        [t("audit.sites"), String(sites)],
      ]}
    />
  );
}

function OfRule({ id, known }: { id: string; known: readonly RecordEvent[] }) {
  const { t } = useTranslation();
  const { number, document } = saidBy(known);
  return (
    <>
      <Facts
        of={[
          [t("audit.recordId"), id],
          [t("audit.version"), number && String(number)],
        ]}
      />
      {document !== null && (
        <details>
          <summary>{t("audit.document")}</summary>
          <Scrolled label={t("audit.document")}>
            <pre>{JSON.stringify(document, null, 2)}</pre>
          </Scrolled>
        </details>
      )}
    </>
  );
}
