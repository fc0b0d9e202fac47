import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { Notice } from "../../ui/Notice";
import { useLabel } from "../labels";
import type { LaneRow, Order, Service } from "./services";

interface StoppedLanesProps {
  service: Service;
  lanes: LaneRow[];
  onOrder: ((order: Order) => void) | null;
}

/** Lanes that go on no more, each with why. */
export function StoppedLanes({ service, lanes, onOrder }: StoppedLanesProps) {
  const { t } = useTranslation();
  const label = useLabel();
  return lanes.map((lane) => (
    <Notice
      key={`${lane.source} ${lane.lane}`}
      kind="error"
      title={t("operations.stopped", { source: label("service", lane.source), lane: lane.lane })}
      acts={
        onOrder && <Button onClick={() => onOrder({ act: "resume", service, lane })}>{t("operations.resume")}</Button>
      }
    >
      {lane.stopped && (
        <div>
          {label("stop", lane.stopped.kind)} · {lane.stopped.reason} · {dateTime(lane.stopped.since)}
        </div>
      )}
    </Notice>
  ));
}
