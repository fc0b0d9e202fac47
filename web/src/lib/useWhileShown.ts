import { useCallback, useLayoutEffect, useRef } from "react";

/**
 * What an answer does, for as long as what asked for it is shown: by the time that it comes, another form may be open,
 * and another page be read.
 */
export function useWhileShown<Args extends unknown[], Result>(
  act: (...args: Args) => Result,
): (...args: Args) => Result | undefined {
  const latest = useRef(act);
  latest.current = act;
  const isShown = useRef(false);
  useLayoutEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  return useCallback((...args) => (isShown.current ? latest.current(...args) : undefined), []);
}
