import { useState } from "react";
import type { Act } from "../lib/visitSteps";
import { usePhone } from "./phone";
import { position } from "./position";

/** Why a step was not taken: it could not be written down, or the phone does not know where it is. */
export type Trouble = "unwritten" | "nowhere";

/** Takes steps of one work order. A step that could not be written down was not taken, and the page says so. */
export function useTaking(work_order_id: string) {
  const phone = usePhone();
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);

  /** Whether it was taken. */
  async function take(act: Act | (() => Promise<Act>)): Promise<boolean> {
    setBusy(true);
    setTrouble(null);
    let reason: Trouble = "nowhere";
    try {
      const said = typeof act === "function" ? await act() : act;
      reason = "unwritten";
      await phone.take(work_order_id, said);
      return true;
    } catch {
      setTrouble(reason);
      return false;
    } finally {
      setBusy(false);
    }
  }

  return { take, isBusy, trouble };
}

/** The arrival, with where the phone is. */
export async function arrival(): Promise<Act> {
  return { step: "arrival", body: await position() };
}
