import { useTranslation } from "react-i18next";
import { usePerson } from "../lib/person";
import { ownerActs } from "./owner";
import type { TicketItem } from "./tickets";
import "./OwnerCell.css";

export interface OwnerCellActs {
  onClaim: (row: TicketItem) => void;
  onAssign: (row: TicketItem) => void;
}

/**
 * Whose the ticket is, and what a pointer does about it; the keyboard has `c` and `a` on the row. A list has dozens of
 * these buttons: the browser's own are there at once.
 */
export function OwnerCell({ row, onClaim, onAssign }: { row: TicketItem } & OwnerCellActs) {
  const { t } = useTranslation();
  const acts = ownerActs(usePerson(), row);
  const owner = row.owner_id && (row.owner_name ?? t("owner.unknown"));
  return (
    <>
      {owner}{" "}
      {acts.includes("claim") && (
        <button type="button" className="owner-act" tabIndex={-1} onClick={() => onClaim(row)}>
          {t("owner.claim")}
        </button>
      )}
      {acts.includes("assign") && (
        <button type="button" className="owner-act" tabIndex={-1} onClick={() => onAssign(row)}>
          {t("owner.assign")}
        </button>
      )}
    </>
  );
}
