import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";
import { useLabel } from "../labels";
import { Figure } from "./Figure";

/** What paused clocks wait for. */
export function PausedBy({ reasons, paused }: { reasons: Record<string, number>; paused: number }) {
  const { t } = useTranslation();
  const label = useLabel();
  const told = Object.values(reasons).reduce((sum, one) => sum + one, 0);
  return (
    <section className="panel" aria-labelledby="paused">
      <h2 id="paused">{t("wallboard.pausedBy")}</h2>
      {paused === 0 && <Empty>{t("wallboard.noPauses")}</Empty>}
      <ul className="reasons">
        {Object.entries(reasons).map(([reason, count]) => (
          <li key={reason}>
            {label("pause_reason", reason)} <Figure of={count} to={{ status: ["paused"], reason }} />
          </li>
        ))}
      </ul>
      {told < paused && <p>{t("wallboard.pausedToo", { count: paused - told })}</p>}
    </section>
  );
}
