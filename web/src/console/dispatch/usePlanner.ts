import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../lib/times";
import { type Move, useMove } from "./planning";
import { breaksPromise, type Plan, type WorkOrder } from "./visit";

/** Moves of the board: carried out at once, or asked about first; told when they stand, and why not when they do not. */
export function usePlanner(names: ReadonlyMap<string, string>, numbers: ReadonlyMap<string, string>) {
  const { t } = useTranslation();
  const [said, say] = useState("");
  const [refused, setRefused] = useState<{ number: string; error: Error } | null>(null);
  const [asked, ask] = useState<{ order: WorkOrder; plan: Plan } | null>(null);
  const numberOf = (order: WorkOrder) => numbers.get(order.ticket_id) ?? "";
  const move = useMove(
    (done) => say(sentence(done)),
    ({ order }, error) => setRefused({ number: numberOf(order), error }),
  );
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
    (order: WorkOrder, plan: Plan | null) => {
      if (plan && breaksPromise(order, plan)) ask({ order, plan });
      else carryOut({ order, plan });
    },
    [carryOut],
  );
  return { said, say, refused, forget: () => setRefused(null), asked, dismiss: () => ask(null), propose, carryOut };
}
