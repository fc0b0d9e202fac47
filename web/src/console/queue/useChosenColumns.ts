import { useState } from "react";
import { known } from "../../lib/address";
import { choice, choose } from "../../lib/choices";

/** Columns that can be left out; a ticket's number always stands. */
export const COLUMNS = [
  ...(["summary", "customer", "status", "urgency", "level", "owner", "clocks", "visit", "last"] as const),
  ...(["region", "opened"] as const),
] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** As many as a screen of 1,440 pixels shows without scrolling sideways. */
const USUAL: readonly ColumnName[] = COLUMNS.slice(0, -2);

/** The columns that the person chose for this browser. */
export function useChosenColumns() {
  const [chosen, setChosen] = useState(() => known(choice("columns")?.split(",") ?? USUAL, COLUMNS));
  function chooseColumns(wanted: ColumnName[]): void {
    choose("columns", wanted.join());
    setChosen(wanted);
  }
  return { chosen, chooseColumns };
}
