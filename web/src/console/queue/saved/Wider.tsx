import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { body, intake } from "../../../lib/clients";
import { Choices } from "../../../ui/Choices";
import { askedFor, type Filters } from "../filters";
import { useEngineerNames } from "../tickets";

interface WiderProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** By region, with how many there are, and by whose visit it is. */
export function Wider({ filters, onChange }: WiderProps) {
  const { t } = useTranslation();
  const regions = useRegions(filters);
  const engineers = [...useEngineerNames()].map(([value, label]) => ({ value, label }));
  return (
    <>
      <Choices<string>
        label={t("filters.region")}
        options={regions}
        value={filters.region ?? []}
        onChange={(region) => onChange({ ...filters, region })}
      />
      <Choices<string>
        label={t("filters.engineer_id")}
        options={engineers}
        value={filters.engineer_id ?? []}
        onChange={(engineer_id) => onChange({ ...filters, engineer_id })}
      />
    </>
  );
}

/** The regions of the tickets that fit, those that are chosen leave the others in. */
function useRegions({ region, sort, ...filters }: Filters) {
  const { data } = useQuery({
    queryKey: ["tickets", "regions", filters],
    queryFn: () => {
      const query = { ...askedFor(filters, Date.now()), group_by: "region" as const };
      return body(intake.GET("/v1/tickets/counts", { params: { query } }));
    },
    placeholderData: (before) => before,
  });
  const counted = new Map(data?.items.flatMap(({ value, count }) => (value === null ? [] : [[value, count] as const])));
  const names = [...new Set([...counted.keys(), ...(region ?? [])])];
  return names.map((value) => ({ value, label: `${value} ${counted.get(value) ?? 0}` }));
}
