import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { DepartmentPage } from "../DepartmentPage";
import { hotlines } from "../hotlines";

/** 热线: the numbers that customers call, kept by managers, with what became of them. */
export function Hotlines() {
  const { t } = useTranslation();
  const placed = (region: string | null) => region ?? t("hotlines.everywhere");
  const most = (name: "number" | "region" | "hours" | "answered_by") => limitOf("NewHotline", name).max;
  return (
    <DepartmentPage
      list={hotlines}
      name={({ number }) => number}
      about={({ region, hours, answered_by }) => `${placed(region)} · ${hours} · ${answered_by}`}
      became={({ number, region, hours, answered_by }) =>
        [number, placed(region), hours, answered_by].filter(Boolean).join(" ")
      }
      fields={[
        { name: "number", label: t("hotlines.number"), max: most("number"), isNeeded: true },
        { name: "region", label: t("hotlines.region"), max: most("region") },
        { name: "hours", label: t("hotlines.hours"), max: most("hours"), isNeeded: true },
        { name: "answered_by", label: t("hotlines.answeredBy"), max: most("answered_by"), isNeeded: true },
      ]}
    />
  );
}
