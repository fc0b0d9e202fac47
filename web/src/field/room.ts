import { useEffect, useState } from "react";

/** The share of the room that a browser gives us, from which on somebody should make room. */
const MUCH = 0.8;

/** Whether so much is used that a step may soon not be recorded; what nobody knows is no reason to warn. */
export function isFilling({ usage, quota }: StorageEstimate): boolean {
  return usage !== undefined && quota !== undefined && quota > 0 && usage / quota >= MUCH;
}

/** Looked at again whenever what waits changes. */
export function useIsFilling(waiting: number): boolean {
  const [filling, setFilling] = useState(false);
  useEffect(() => {
    void navigator.storage?.estimate().then((room) => setFilling(isFilling(room)));
  }, [waiting]);
  return filling;
}
