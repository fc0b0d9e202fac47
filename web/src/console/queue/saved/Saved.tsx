import { type KeyboardEvent, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "../../../lib/keys";
import { Failure } from "../../../ui/Failure";
import { useKeep, useKept, useRemove } from "../../keptList";
import { useLabel } from "../../labels";
import { asksTheSame, type Filters, filtersIn } from "../filters";
import { SaveForm } from "./SaveForm";
import { defaulting, type OwnFilter, type SharedFilter, savedFilters } from "./saved";
import { useDefault } from "./useDefault";
import "./saved.css";

interface SavedProps {
  filters: Filters;
  /** `replace`: the way back leads past what was shown before. */
  onChange: (filters: Filters, replace?: boolean) => void;
}

/** 我的筛选: a menu of the filters that the person keeps and that colleagues share, and one more to keep; `f` opens it. */
export function Saved({ filters, onChange }: SavedProps) {
  const { t } = useTranslation();
  const menu = useRef<HTMLDetailsElement>(null);
  const { data, error } = useKept(savedFilters);
  useDefault(data, filters, (wanted) => onChange(wanted, true));
  useShortcuts(useMemo(() => ({ f: () => open(menu.current) }), []));
  function close(): void {
    menu.current?.removeAttribute("open");
    menu.current?.querySelector("summary")?.focus();
  }
  function press(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !menu.current?.open) return;
    event.stopPropagation();
    close();
  }
  /** What is removed takes the focus with it. */
  function stay(): void {
    menu.current?.querySelector("input")?.focus();
  }
  function choose(filter: SharedFilter): void {
    onChange(filtersIn({ ...filter.filter }));
    close();
  }
  return (
    <details className="saved" ref={menu} onKeyDown={press}>
      <summary>
        {t("filters.title")}{" "}
        <span className="key" aria-hidden="true">
          F
        </span>
      </summary>
      {error && <Failure error={error} />}
      {data && <Own of={data.items} filters={filters} onChoose={choose} onRemove={stay} />}
      <Shared of={data?.shared ?? []} filters={filters} onChoose={choose} />
      <SaveForm filters={filters} />
    </details>
  );
}

/** And the keyboard goes to the first of what is kept. */
function open(menu: HTMLDetailsElement | null): void {
  menu?.setAttribute("open", "");
  menu?.querySelector<HTMLElement>("li button, input")?.focus();
}

interface ListProps<Of> {
  of: readonly Of[];
  filters: Filters;
  onChoose: (filter: SharedFilter) => void;
}

function Own({ of, filters, onChoose, onRemove }: ListProps<OwnFilter> & { onRemove: () => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const keep = useKeep(savedFilters);
  const remove = useRemove(savedFilters);
  function drop(id: string): void {
    onRemove();
    remove.mutate(id);
  }
  const failed = keep.error ?? remove.error;
  return (
    <>
      {of.length === 0 && <p>{t("filters.none")}</p>}
      <ul aria-label={t("filters.own")}>
        {of.map((each) => (
          <li key={each.id}>
            <Name of={each} filters={filters} onChoose={onChoose} />
            {each.shared_with && ` ${t("filters.sharedWith", { role: label("role", each.shared_with) })} `}
            <button
              type="button"
              aria-pressed={each.is_default}
              onClick={() => keep.mutate({ id: each.id, entry: defaulting(each) })}
            >
              {t("filters.default")}
            </button>
            <button type="button" onClick={() => drop(each.id)}>
              {t("filters.remove", { name: each.name ?? "" })}
            </button>
          </li>
        ))}
      </ul>
      {failed && <Failure error={failed} />}
    </>
  );
}

function Shared({ of, filters, onChoose }: ListProps<SharedFilter>) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <ul aria-label={t("filters.shared")}>
      {of.map((each) => (
        <li key={each.id}>
          <Name of={each} filters={filters} onChoose={onChoose} /> {each.owner_name}
        </li>
      ))}
    </ul>
  );
}

interface NameProps {
  of: SharedFilter;
  filters: Filters;
  onChoose: (filter: SharedFilter) => void;
}

function Name({ of, filters, onChoose }: NameProps) {
  const { t } = useTranslation();
  const isShown = asksTheSame(filtersIn({ ...of.filter }), filters);
  return (
    <button type="button" aria-pressed={isShown} onClick={() => onChoose(of)}>
      {of.name ?? t("queue.erased")}
    </button>
  );
}
