import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import type { Order, ParkedRow, Service } from "./services";

interface ParkedProps {
  service: Service;
  parked: ParkedRow[];
  onOrder: ((order: Order) => void) | null;
}

/** Messages that could not be applied, and what waits behind them. */
export function Parked({ service, parked, onOrder }: ParkedProps) {
  if (parked.length === 0) return null;
  return (
    <ul className="parked">
      {parked.map((row) => (
        <li key={row.id}>
          <Message row={row} />
          {onOrder && <Acts onAct={(act) => onOrder({ act, service, parked: row })} />}
        </li>
      ))}
    </ul>
  );
}

function Message({ row }: { row: ParkedRow }) {
  const { t } = useTranslation();
  const label = useLabel();
  const title = row.type ? label("event", row.type) : t("operations.unreadable");
  return (
    <details>
      <summary>
        <strong>{title}</strong> · {label("service", row.source)} · {row.error ?? t("operations.waits")}
      </summary>
      <Facts
        of={[
          [t("operations.defect"), row.defect],
          [t("operations.key"), row.key],
          [t("operations.event"), row.event_id],
          [t("operations.place"), row.lane === null ? null : `${row.lane} · ${row.seq}`],
          [t("operations.attempts"), String(row.attempts)],
          [t("operations.parkedAt"), dateTime(row.parked_at)],
        ]}
      />
    </details>
  );
}

function Acts({ onAct }: { onAct: (act: "retry" | "discard") => void }) {
  const { t } = useTranslation();
  return (
    <div className="acts">
      <Button onClick={() => onAct("retry")}>{t("operations.retry")}</Button>
      <Button danger onClick={() => onAct("discard")}>
        {t("operations.discard")}
      </Button>
    </div>
  );
}
