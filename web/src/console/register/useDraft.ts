import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, dropDraft, keepDraft, readDraft } from "../../lib/draft";
import { usePerson } from "../../lib/person";
import { isBlank, type Values } from "./form";

/** Milliseconds without a keystroke after which the draft is kept. */
const PAUSE = 400;

/** The person's unsent form: offered back after a reload, never filled in by itself. */
export function useDraft() {
  const key = `${usePerson().subject}/register`;
  const [offered, setOffered] = useState<Draft<Values>>();
  const [keptAt, setKeptAt] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    void readDraft<Values>(key).then(setOffered);
    return () => clearTimeout(timer.current);
  }, [key]);

  const keep = useCallback(
    (values: Values) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(async () => {
        await (isBlank(values) ? dropDraft(key) : keepDraft(key, values));
        setKeptAt(isBlank(values) ? undefined : Date.now());
      }, PAUSE);
    },
    [key],
  );
  const drop = useCallback(async () => {
    clearTimeout(timer.current);
    setOffered(undefined);
    setKeptAt(undefined);
    await dropDraft(key);
  }, [key]);
  const settle = useCallback(() => setOffered(undefined), []);
  return { offered, keptAt, keep, drop, settle };
}
