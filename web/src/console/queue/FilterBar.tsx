import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { codes, useLabel, type Vocabulary } from "../../lib/labels";
import { Choices } from "../../ui/Choices";
import { type Filters, isFiltered, VIEWS, type View, viewOf } from "./filters";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

const LISTS = { status: "ticket_status", urgency: "urgency", kind: "job_type" } as const satisfies Record<
  string,
  Vocabulary
>;

/** The views, and the filters that the address has, folded away until they are wanted. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const view = viewOf(filters);
  return (
    <div className="filters">
      <fieldset className="choices">
        <legend>{t("queue.view")}</legend>
        {(Object.keys(VIEWS) as View[]).map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={view === name}
            onClick={() => onChange({ ...filters, status: [...VIEWS[name]] })}
          >
            {t(`queue.${name}`)}
          </button>
        ))}
      </fieldset>
      {filters.number && (
        <Choices
          label={t("queue.number")}
          options={[{ value: filters.number, label: filters.number }]}
          value={[filters.number]}
          onChange={([number]) => onChange({ ...filters, number: number ?? "" })}
        />
      )}
      {isFiltered(filters) && <Button onClick={() => onChange({})}>{t("queue.clear")}</Button>}
      <details>
        <summary>{t("queue.filters")}</summary>
        <Lists filters={filters} onChange={onChange} />
      </details>
    </div>
  );
}

function Lists({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <>
      {(Object.keys(LISTS) as (keyof typeof LISTS)[]).map((name) => (
        <Choices<string>
          key={name}
          label={t(`queue.${name}`)}
          options={codes(LISTS[name]).map((value) => ({ value, label: label(LISTS[name], value) }))}
          value={filters[name] ?? []}
          onChange={(values) => onChange({ ...filters, [name]: values })}
        />
      ))}
    </>
  );
}
