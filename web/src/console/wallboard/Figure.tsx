import { Link } from "@tanstack/react-router";
import type { Filters } from "./filters";

/** A figure, which leads to exactly the clocks that it counts. */
export function Figure({ of, to }: { of: number; to: Filters }) {
  return (
    <Link className="figure" to="/wallboard/clocks" search={to}>
      {of}
    </Link>
  );
}
