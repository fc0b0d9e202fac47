import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { body, intake } from "../../../lib/clients";
import { Choices } from "../../../ui/Choices";
import { useLabel } from "../../labels";
import { WAITS } from "../../ticketCodes";
import { askedFor, type Filters } from "../filters";
import { useEngineerNames } from "../tickets";

interface WiderProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** By region and team, with how many there are, by whom it waits for, and by whose visit it is. */
export function Wider({ filters, onChange }: WiderProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const regions = useNames("region", filters);
  const teams = useNames("team", filters);
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
        label={t("filters.team")}
        options={teams}
        value={filters.team ?? []}
        onChange={(team) => onChange({ ...filters, team })}
      />
      <Choices
        label={t("filters.waits_for")}
        options={WAITS.map((value) => ({ value, label: label("waits_for", value) }))}
        value={filters.waits_for ?? []}
        onChange={(waits_for) => onChange({ ...filters, waits_for })}
      />
      <Choices
        label={t("filters.again")}
        options={[{ value: "due" as const, label: t("filters.due") }]}
        value={filters.again ? [filters.again] : []}
        onChange={([again]) => onChange(again ? { ...filters, again } : without("again", filters))}
      />
      <Choices
        label={t("filters.archived")}
        options={[{ value: "only" as const, label: t("filters.only") }]}
        value={filters.archived ? [filters.archived] : []}
        onChange={([archived]) => onChange(archived ? { ...filters, archived } : without("archived", filters))}
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

function without(name: "again" | "archived", { [name]: _, ...filters }: Filters): Filters {
  return filters;
}

/** What the tickets that fit name as their region or team; those that are chosen leave the others in. */
function useNames(of: "region" | "team", { [of]: chosen, sort, ...filters }: Filters) {
  const { data } = useQuery({
    queryKey: ["tickets", of, filters],
    queryFn: () => {
      const query = { ...askedFor(filters, Date.now()), group_by: of };
      return body(intake.GET("/v1/tickets/counts", { params: { query } }));
    },
    placeholderData: (before) => before,
  });
  const counted = new Map(data?.items.flatMap(({ value, count }) => (value === null ? [] : [[value, count] as const])));
  const names = [...new Set([...counted.keys(), ...(chosen ?? [])])];
  return names.map((value) => ({ value, label: `${value} ${counted.get(value) ?? 0}` }));
}
