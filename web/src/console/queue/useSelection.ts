import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Selection } from "../../ui/Grid";
import { through } from "./selection";
import type { QueueItem } from "./tickets";

const NONE: ReadonlyMap<string, QueueItem> = new Map();

/** The tickets that were chosen from the list; they stay chosen when the list shows others. */
export function useSelection(rows: readonly QueueItem[]) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(NONE);
  const [last, setLast] = useState<string | null>(null);
  const toggle = useCallback(
    (row: QueueItem, isRange: boolean) => {
      setChosen((before) => {
        const next = new Map(before);
        if (isRange) for (const each of through(rows, last, row.id)) next.set(each.id, each);
        else if (!next.delete(row.id)) next.set(row.id, row);
        return next;
      });
      setLast(row.id);
    },
    [rows, last],
  );
  const selection = useMemo<Selection<QueueItem>>(() => {
    const labelOf = ({ number }: QueueItem) => t("bulk.choose", { number });
    return { of: new Set(chosen.keys()), title: t("bulk.column"), labelOf, onToggle: toggle };
  }, [chosen, toggle, t]);
  return { chosen, selection, toggle, choose: setChosen };
}
