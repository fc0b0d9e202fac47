import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import { lagsOf } from "./lag";
import { type LaneRow, usePublished } from "./services";

/** How many events of each source the service has yet to apply. */
export function Lags({ lanes }: { lanes: readonly LaneRow[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const lags = lagsOf(lanes, usePublished());
  if (lags.length === 0) return null;
  const said = lags.map(({ source, events }) => `${label("service", source)} ${events}`);
  return (
    <p>
      {t("operations.lag")} {said.join(" · ")}
    </p>
  );
}
