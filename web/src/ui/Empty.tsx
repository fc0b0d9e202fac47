import type { ReactNode } from "react";

/** Why there is nothing here, and the next thing to do. */
export function Empty({ children, next }: { children: ReactNode; next?: ReactNode }) {
  return (
    <div className="empty" role="status">
      <p>{children}</p>
      {next}
    </div>
  );
}
