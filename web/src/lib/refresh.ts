import { lost } from "./live";

const INTERVAL = 30_000;

/** After how many milliseconds a page asks again for what may have changed: never while it is told. */
export const EVERY = (): number | false => (lost() ? INTERVAL : false);

/** A tab that nobody looks at asks when somebody does. */
export function unseen(): { refetchType?: "none" } {
  return document.hidden ? { refetchType: "none" } : {};
}
