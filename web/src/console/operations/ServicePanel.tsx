import { useTranslation } from "react-i18next";
import { Age } from "../../ui/Age";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { useLabel } from "../labels";
import { Lags } from "./Lags";
import { Parked } from "./Parked";
import { StoppedLanes } from "./StoppedLanes";
import { type Order, type Service, type Standing, useStanding } from "./services";

interface PanelProps {
  service: Service;
  /** Null for those who only read. */
  onOrder: ((order: Order) => void) | null;
}

/** One service; when it is out of reach it says so, and the others stand as they are. */
export function ServicePanel({ service, onOrder }: PanelProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, dataUpdatedAt, error, isPending, refetch } = useStanding(service);
  return (
    <section className="panel" aria-labelledby={service}>
      <div className="page-head">
        <h2 id={service}>{label("service", service)}</h2>
        {data && (
          <span>
            {t("operations.version", { version: data.version })} · <Age at={dataUpdatedAt} />
          </span>
        )}
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={2} />}
      {data && <Content service={service} standing={data} onOrder={onOrder} />}
    </section>
  );
}

function Content({ service, standing, onOrder }: PanelProps & { standing: Standing }) {
  const { t } = useTranslation();
  const stopped = standing.lanes.filter((lane) => lane.stopped !== null);
  return (
    <>
      <p>
        {t("operations.lanes", { count: standing.lanes.length, stopped: stopped.length })}
        {standing.parked.length === 0 && ` · ${t("operations.nothingParked")}`}
      </p>
      <Lags lanes={standing.lanes} />
      <StoppedLanes service={service} lanes={stopped} onOrder={onOrder} />
      <Parked service={service} parked={standing.parked} onOrder={onOrder} />
      {standing.more && <p>{t("operations.more")}</p>}
    </>
  );
}
