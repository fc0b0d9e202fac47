import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Choices } from "../../ui/Choices";
import type { EngineerItem } from "./engineers";
import { among, type Filters } from "./filters";

interface FilterBarProps {
  filters: Filters;
  engineers: readonly EngineerItem[];
  onChange: (filters: Filters) => void;
}

export function FilterBar({ filters, engineers, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <div className="filter-bar">
      <OneOf
        label={t("queue.region")}
        values={among(engineers.map(({ region }) => region))}
        value={filters.region ?? ""}
        onChange={(region) => onChange({ ...filters, region })}
      />
      <OneOf
        label={t("board.skill")}
        values={among(engineers.flatMap(({ skills }) => skills))}
        value={filters.skill ?? ""}
        onChange={(skill) => onChange({ ...filters, skill })}
      />
      <Choices<"none">
        label={t("engineers.login")}
        options={[{ value: "none", label: t("engineers.unbound") }]}
        value={filters.login ? [filters.login] : []}
        onChange={([login]) => onChange(login ? { ...filters, login } : without(filters))}
      />
    </div>
  );
}

function without({ login, ...filters }: Filters): Filters {
  return filters;
}

interface OneOfProps {
  label: string;
  values: string[];
  value: string;
  onChange: (value: string) => void;
}

function OneOf({ label, values, value, onChange }: OneOfProps) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <span>
      <label htmlFor={id}>{label}</label>{" "}
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("board.anySkill")}</option>
        {values.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
    </span>
  );
}
