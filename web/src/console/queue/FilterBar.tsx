import { Button } from "antd";
import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../lib/person";
import { withWords } from "../../lib/words";
import { Choices } from "../../ui/Choices";
import { codes, useLabel, type Vocabulary } from "../labels";
import * as words from "../words";
import { type Filters, filtersIn, isFiltered, type Sort, SUBJECTS, sheetOf, VIEWS, type View, viewOf } from "./filters";
import { useStageCounts, useViewCounts } from "./tickets";

interface FilterBarProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** What is narrowed seldom, or by a link alone. */
const Subjects = lazy(async () => ({
  default: (await withWords([words.filters], import("./saved/Subjects"))).Subjects,
}));
const wider = () => withWords([words.filters], import("./saved/Wider"));
const Wider = lazy(async () => ({ default: (await wider()).Wider }));

const LISTS = {
  status: "ticket_status",
  urgency: "urgency",
  kind: "ticket_kind",
} as const satisfies Record<string, Vocabulary>;

/** The views with how many tickets they have, the stages, the order, and the filters of the address folded away. */
export function FilterBar({ filters, onChange, children }: FilterBarProps & { children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    wider().catch(() => undefined); // so that nobody who unfolds the filters passes it by Tab
  }, []);
  return (
    <div className="filters">
      <Views filters={filters} onChange={onChange} />
      <Stages filters={filters} onChange={onChange} />
      <Order filters={filters} onChange={onChange} />
      {filters.number && (
        <Choices
          label={t("queue.number")}
          options={[{ value: filters.number, label: filters.number }]}
          value={[filters.number]}
          onChange={([number]) => onChange({ ...filters, number: number ?? "" })}
        />
      )}
      {filters.q && (
        <Choices
          label={t("queue.words")}
          options={[{ value: filters.q, label: filters.q }]}
          value={[filters.q]}
          onChange={([q]) => onChange({ ...filters, q: q ?? "" })}
        />
      )}
      <Suspense>
        {SUBJECTS.some((name) => filters[name]) && <Subjects filters={filters} onChange={onChange} />}
      </Suspense>
      {isFiltered(filters) && <Button onClick={() => onChange({})}>{t("queue.clear")}</Button>}
      <Export filters={filters} />
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{t("queue.filters")}</summary>
        <Lists filters={filters} onChange={onChange} />
        <Suspense>{isOpen && <Wider filters={filters} onChange={onChange} />}</Suspense>
      </details>
      {children}
    </div>
  );
}

/** All that the list shows, as a sheet; for those who may have it. */
function Export({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  if (!hasRole(usePerson(), ["manager", "auditor"])) return null;
  return (
    <a href={sheetOf(filters, Date.now())} download>
      {t("queue.export")}
    </a>
  );
}

function Views({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const view = viewOf(filters);
  const counts = useViewCounts();
  return (
    <fieldset className="choices">
      <legend>{t("queue.view")}</legend>
      {(Object.keys(VIEWS) as View[]).map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={view === name}
          onClick={() => onChange(filtersIn({ ...VIEWS[name] }))}
        >
          {t(`queue.${name}`)} {counts[name]}
        </button>
      ))}
    </fieldset>
  );
}

function Stages({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const count = useStageCounts(filters);
  const options = codes("clock_stage").map((value) => ({
    value,
    label: `${label("clock_stage", value)} ${count(value)}`,
  }));
  return (
    <Choices
      label={t("queue.stage")}
      options={options}
      value={filters.stage ?? []}
      onChange={(stage) => onChange({ ...filters, stage })}
    />
  );
}

function Order({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const chosen = filters.sort ?? "-opened_at";
  return (
    <fieldset className="choices">
      <legend>{t("queue.sort")}</legend>
      {(["due_at", "-opened_at", "opened_at"] satisfies Sort[]).map((sort) => (
        <button key={sort} type="button" aria-pressed={chosen === sort} onClick={() => onChange({ ...filters, sort })}>
          {t(`queue.by.${sort}`)}
        </button>
      ))}
    </fieldset>
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
