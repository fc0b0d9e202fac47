import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Facts } from "../../ui/Facts";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { cancel, type ImportDetails, isOver, type Kind, resultOf, type Service, useFlaws, useImport } from "./imports";

interface ProgressProps {
  service: Service;
  id: string;
}

/** One import: how far it is, and what came of it. */
export function Progress({ service, id }: ProgressProps) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useImport(service, id);
  const over = isOver(data);
  const queries = useQueryClient();
  useEffect(() => {
    if (over) void queries.invalidateQueries({ queryKey: ["imports", service], exact: true });
  }, [over, queries, service]);
  return (
    <section className="panel" aria-labelledby="import">
      <h2 id="import">{t("imports.one")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={4} />}
      {data && <Shown service={service} one={data} onChange={() => void refetch()} />}
    </section>
  );
}

function Shown({ service, one, onChange }: { service: Service; one: ImportDetails; onChange: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { done, total } = one.progress;
  const facts = [
    [t("imports.kind"), t(`imports.kinds.${one.kind as Kind}`)],
    [t("imports.mode"), t(one.dry_run ? "imports.try" : "imports.run")],
    [t("imports.status"), label("job_status", one.status)],
    [t("imports.rows"), total === null ? null : `${done} / ${total}`],
    [t(one.dry_run ? "imports.sound" : "imports.created"), one.created?.toString()],
    [t("imports.wrong"), one.wrong?.toString()],
    [t("imports.reason"), one.reason && t(`imports.reasons.${one.reason as Reason}`, { defaultValue: one.reason })],
  ] as const;
  return (
    <>
      <div role="status">
        <Facts of={facts} />
      </div>
      {!isOver(one) && (
        <p>
          <progress aria-label={t("imports.rows")} max={total ?? 1} value={done} />{" "}
          <Button onClick={() => void cancel(service, one.id).then(onChange)}>{t("imports.cancel")}</Button>
        </p>
      )}
      {(one.created ?? 0) + (one.wrong ?? 0) > 0 && <a href={resultOf(service, one.id)}>{t("imports.result")}</a>}
      <Flaws service={service} one={one} />
    </>
  );
}

type Reason = "columns" | "no-rows" | "not-a-table" | "too-many-rows";

function Flaws({ service, one }: { service: Service; one: ImportDetails }) {
  const { t } = useTranslation();
  const { data } = useFlaws(service, one);
  if (!data || data.items.length === 0) return null;
  return (
    <div className="wide">
      <table className="plain">
        <caption>{t("imports.flaws")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("imports.row")}</th>
            <th scope="col">{t("imports.column")}</th>
            <th scope="col">{t("imports.detail")}</th>
          </tr>
        </thead>
        <tbody>
          {data.items.map((flaw) => (
            <tr key={`${flaw.row} ${flaw.column} ${flaw.detail}`}>
              <td>{flaw.row}</td>
              <td>{flaw.column}</td>
              <td>{flaw.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
