import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, draftsOf } from "../lib/draft";
import { usePerson } from "../lib/person";

/** Milliseconds without a keystroke after which the draft is kept. */
const PAUSE = 400;

/**
 * The drafts of a form: that of the one at hand is kept as it is written, the others are offered and never filled in
 * by themselves. A blank one is none.
 */
export function useDrafts<Values>(form: string, isBlank: (values: Values) => boolean) {
  const person = usePerson();
  const [store] = useState(() => draftsOf<Values>(person, form));
  const [others, setOthers] = useState<Draft<Values>[]>([]);
  const [isKept, setKept] = useState(false);
  const id = useRef(crypto.randomUUID() as string);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // What was written or put aside meanwhile stays what it is.
    void store.all().then((found) => setOthers((before) => [...before, ...withoutKnown(found, before, id.current)]));
    return () => clearTimeout(timer.current);
  }, [store]);

  const write = useCallback(
    async (values: Values): Promise<Draft<Values>[]> => {
      clearTimeout(timer.current);
      const draft = { id: id.current, values, at: new Date().toISOString() };
      const blank = isBlank(values);
      await (blank ? store.drop(draft.id) : store.keep(draft));
      return blank ? [] : [draft];
    },
    [store, isBlank],
  );
  const keep = useCallback(
    (values: Values) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => void write(values).then((kept) => setKept(kept.length > 0)), PAUSE);
    },
    [write],
  );
  /** Puts the form at hand aside, as one of the others, for `next`, or for a new one. */
  const turn = useCallback(
    async (values: Values, next?: Draft<Values>) => {
      const aside = await write(values);
      id.current = next?.id ?? crypto.randomUUID();
      setKept(next !== undefined);
      setOthers((before) => [...aside, ...before.filter((other) => other.id !== next?.id)]);
    },
    [write],
  );
  /** Drops that of an id, wherever it is by now. Whether it is at hand. */
  const drop = useCallback(
    async (dropped: string): Promise<boolean> => {
      if (dropped === id.current) clearTimeout(timer.current);
      if (dropped === id.current) setKept(false);
      setOthers((before) => before.filter((each) => each.id !== dropped));
      await store.drop(dropped);
      return dropped === id.current;
    },
    [store],
  );
  return { others, isKept, keep, turn, drop, atHand: () => id.current };
}

function withoutKnown<Values>(
  found: readonly Draft<Values>[],
  known: readonly Draft<Values>[],
  own: string,
): Draft<Values>[] {
  return found.filter(({ id }) => id !== own && !known.some((each) => each.id === id));
}
