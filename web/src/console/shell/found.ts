import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { body, intake } from "../../lib/clients";
import type { QueueItem } from "../queue/tickets";
import { isSought } from "./sought";

const CANDIDATES = 8;
/** Milliseconds without a key after which it is asked. */
const PAUSE = 250;

/** The newest tickets that have these words; none while they are not known, or older ones have to be looked through. */
export function useFound(words: string): QueueItem[] | undefined {
  const q = usePaused(words.trim());
  const { data } = useQuery({
    queryKey: ["tickets", "found", q],
    queryFn: () => body(intake.GET("/v1/tickets", { params: { query: { q, limit: CANDIDATES } } })),
    enabled: isSought(q) && words.trim() !== "",
  });
  const isKnown = words.trim() === q && (data?.items.length || !data?.next_cursor);
  return isKnown ? data?.items : undefined;
}

function usePaused(words: string): string {
  const [paused, setPaused] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(words), PAUSE);
    return () => clearTimeout(timer);
  }, [words]);
  return paused;
}
