import type { ErrorComponentProps } from "@tanstack/react-router";
import { Failure } from "../../ui/Failure";

/** A page that failed by itself: the areas around it still work. */
export function Defect({ error, reset }: ErrorComponentProps) {
  return (
    <div className="page">
      <Failure error={error} onRetry={reset} />
    </div>
  );
}
