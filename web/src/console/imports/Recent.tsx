import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { type Kind, type Service, useRecent } from "./imports";

/** The imports that were asked for last. */
export function Recent({ service }: { service: Service }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, error, refetch } = useRecent(service);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section className="panel" aria-label={t(`imports.recent.${service}`)}>
      <h2>{t(`imports.recent.${service}`)}</h2>
      <ul>
        {data.items.map((one) => (
          <li key={one.id}>
            <Link to="/imports" search={{ service, id: one.id }}>
              {t(`imports.kinds.${one.kind as Kind}`)} · {t(one.dry_run ? "imports.try" : "imports.run")} ·{" "}
              {new Date(one.requested_at).toLocaleString()}
            </Link>{" "}
            {label("job_status", one.status)}
          </li>
        ))}
      </ul>
    </section>
  );
}
