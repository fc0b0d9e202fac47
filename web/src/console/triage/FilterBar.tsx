import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Choices } from "../../ui/Choices";
import { codes, useLabel } from "../labels";
import { useCaseCounts } from "./cases";
import { type Filters, isFiltered, isToDecide, LEVELS, type Status, UNDECIDED } from "./filters";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** The views and the levels, each with how many cases it has under the other filter, and the order. */
export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const counts = useCaseCounts(filters);
  const levels = LEVELS.map((value) => ({
    value,
    label: `P${value} ${t(`triage.level${value}`)}${counted(counts?.level[value], counts)}`,
  }));
  return (
    <div className="filter-bar">
      <Views filters={filters} counts={counts?.status} onChange={onChange} />
      <Choices
        label={t("triage.level")}
        options={levels}
        value={filters.level ?? []}
        onChange={(level) => onChange({ ...filters, level })}
      />
      {isToDecide(filters) && <Order filters={filters} onChange={onChange} />}
      {isFiltered(filters) && <Button onClick={() => onChange({})}>{t("queue.clear")}</Button>}
    </div>
  );
}

interface ViewsProps extends FilterBarProps {
  counts: Record<string, number> | undefined;
}

function Views({ filters, counts, onChange }: ViewsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const undecided = UNDECIDED.reduce((sum, status) => sum + (counts?.[status] ?? 0), 0);
  function view(name: string, status: Status[] | undefined, count: number | undefined) {
    const pressed = filters.status?.join() === status?.join();
    return (
      <button
        key={name}
        type="button"
        aria-pressed={pressed}
        onClick={() => onChange({ ...filters, status: status ?? [] })}
      >
        {name}
        {counted(count, counts)}
      </button>
    );
  }
  return (
    <fieldset className="choices">
      <legend>{t("queue.view")}</legend>
      {view(t("triage.undecided"), undefined, undecided)}
      {codes("case_status").map((status) => view(label("case_status", status), [status], counts?.[status]))}
    </fieldset>
  );
}

function Order({ filters: { sort, ...filters }, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="choices">
      <legend>{t("queue.sort")}</legend>
      <button type="button" aria-pressed={!sort} onClick={() => onChange(filters)}>
        {t("triage.byLevel")}
      </button>
      <button type="button" aria-pressed={sort === "due_at"} onClick={() => onChange({ ...filters, sort: "due_at" })}>
        {t("queue.by.due_at")}
      </button>
    </fieldset>
  );
}

/** ` 12`, once it is known. */
function counted(count: number | undefined, known: object | undefined): string {
  return known ? ` ${count ?? 0}` : "";
}
