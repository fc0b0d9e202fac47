import { useTranslation } from "react-i18next";
import { Choices } from "../../ui/Choices";
import { useViewCounts } from "./callbacks";
import { type Filters, filtersIn, VIEWS, viewOf } from "./filters";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** The views, each with how many callbacks it has, and whose. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const counts = useViewCounts(filters);
  const chosen = viewOf(filters);
  return (
    <div className="filter-bar">
      <fieldset className="choices">
        <legend>{t("queue.view")}</legend>
        {VIEWS.map((view) => (
          <button
            key={view}
            type="button"
            aria-pressed={view === chosen}
            onClick={() => onChange(filtersIn({ ...filters, view }))}
          >
            {t(`callbacks.view.${view}`)} {counts[view]}
          </button>
        ))}
      </fieldset>
      <Choices<"me">
        label={t("queue.owner")}
        options={[{ value: "me", label: t("queue.mine") }]}
        value={filters.owner ? [filters.owner] : []}
        onChange={([owner]) => onChange(filtersIn({ ...filters, owner }))}
      />
    </div>
  );
}
