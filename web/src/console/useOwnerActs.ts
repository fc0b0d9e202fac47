import { useCallback, useState } from "react";
import { usePerson } from "../lib/person";
import { isProblem } from "../lib/problem";
import { ownerActs, useOwner } from "./owner";
import type { TicketItem } from "./tickets";

/** How a claim from a list ended: it is theirs, or somebody was faster. */
export interface Outcome {
  ticketId: string;
  number: string;
  taken: boolean;
}

/** Claims and assigns from a list; what the person may not do, or not any more, does nothing. */
export function useOwnerActs() {
  const person = usePerson();
  const { mutate, error } = useOwner();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [assigning, setAssigning] = useState<TicketItem | null>(null);
  const claim = useCallback(
    (row: TicketItem) => {
      if (!ownerActs(person, row).includes("claim")) return;
      const end = (taken: boolean) => setOutcome({ ticketId: row.id, number: row.number, taken });
      setOutcome(null);
      mutate(
        { ticket: row, owner: "me" },
        { onSuccess: () => end(false), onError: (failed) => isProblem(failed, "ticket-owned") && end(true) },
      );
    },
    [person, mutate],
  );
  const assign = useCallback(
    (row: TicketItem) => {
      if (ownerActs(person, row).includes("assign")) setAssigning(row);
    },
    [person],
  );
  const failed = error && !isProblem(error, "ticket-owned") ? error : null;
  return { claim, assign, outcome, failed, assigning, close: () => setAssigning(null) };
}
