import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../lib/problem";
import { shortTime } from "../../lib/times";
import type { TicketNames } from "./names";
import { type Move, useIsMoving, useMove } from "./planning";
import { backOf, type Done, withMove, withoutMove } from "./undo";
import { breaksPromise, type Plan, type WorkOrder } from "./visit";

/** Moves of the board: carried out at once, or asked about first; told when they stand, and why not when they do not; undone. */
export function usePlanner(names: ReadonlyMap<string, string>, tickets: TicketNames) {
  const { t } = useTranslation();
  const [said, say] = useState("");
  const [refused, setRefused] = useState<{ number: string; error: Error } | null>(null);
  const [asked, ask] = useState<{ move: Move; plan: Plan } | null>(null);
  const [moves, setMoves] = useState<readonly Done[]>([]);
  const numberOf = (order: WorkOrder) => tickets.get(order.ticket_id)?.number ?? "";
  const refuse = (order: WorkOrder, error: Error) => setRefused({ number: numberOf(order), error });
  const move = useMove(note, ({ order, undoes }, error) => {
    refuse(order, error);
    if (undoes && !isProblem(error, "unreachable")) setMoves((known) => withoutMove(known, undoes));
  });
  function note(made: Move, etag: string | null): void {
    const { undoes, ...done } = made;
    say(sentence(made));
    setMoves((known) => (undoes ? withoutMove(known, undoes, etag) : withMove(known, { ...done, etag })));
  }
  function sentence({ order, plan }: Move): string {
    const number = numberOf(order);
    if (!plan) return t("board.saidUnassigned", { number });
    const at = shortTime(new Date(plan.start).toISOString());
    const words = { number, name: names.get(plan.engineerId) ?? "", at };
    return t(plan.confirmed ? "board.saidAgreed" : "board.saidOffered", words);
  }
  const carryOut = useCallback(
    (wanted: Move) => {
      setRefused(null);
      ask(null);
      move(wanted);
    },
    [move],
  );
  const propose = useCallback(
    (wanted: Move) => {
      const { order, plan } = wanted;
      if (plan && breaksPromise(order, plan)) ask({ move: wanted, plan });
      else carryOut(wanted);
    },
    [carryOut],
  );
  const undo = useUndo(moves, propose);
  return {
    said,
    say,
    refused,
    refuse,
    forget: () => setRefused(null),
    asked,
    dismiss: () => ask(null),
    propose,
    carryOut,
    note,
    undo,
  };
}

/** Takes the last move back; null while there is none, or one is on its way. */
function useUndo(moves: readonly Done[], propose: (move: Move) => void): (() => void) | null {
  const last = moves.at(-1);
  const isMoving = useIsMoving();
  return useMemo(() => {
    const back = last && !isMoving && backOf(last);
    return back ? () => propose(back) : null;
  }, [last, isMoving, propose]);
}
