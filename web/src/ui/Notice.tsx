import type { ReactNode } from "react";
import "./Notice.css";

interface NoticeProps {
  kind: "error" | "warning" | "info";
  title: string;
  children?: ReactNode;
  /** Buttons. */
  acts?: ReactNode;
}

/** A sentence about the page: what failed is told at once, the rest when there is a pause. */
export function Notice({ kind, title, children, acts }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === "info" ? "status" : "alert"}>
      <div>
        <strong>{title}</strong>
        {children}
      </div>
      {acts && <div className="acts">{acts}</div>}
    </div>
  );
}
