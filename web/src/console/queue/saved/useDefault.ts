import { useEffect, useRef } from "react";
import { type Filters, filtersIn, isFiltered } from "../filters";
import type { SavedFilters } from "./saved";

/** The queue begins with the default where a person came to it without asking for anything. */
export function useDefault(saved: SavedFilters | undefined, filters: Filters, begin: (filters: Filters) => void): void {
  const waits = useRef(true);
  const asked = isFiltered(filters) || filters.sort !== undefined;
  useEffect(() => {
    if (asked) waits.current = false;
    if (!saved || !waits.current) return;
    waits.current = false;
    const found = saved.items.find((each) => each.is_default);
    if (found) begin(filtersIn({ ...found.filter }));
  });
}
