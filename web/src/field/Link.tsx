import type { MouseEvent, ReactNode } from "react";
import { addressOf, go, type Place } from "./place";

/** A link to another page of the phone, which needs no network. */
export function Link({ to, className, children }: { to: Place; className?: string; children: ReactNode }) {
  function follow(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  }
  return (
    <a href={addressOf(to)} className={className} onClick={follow}>
      {children}
    </a>
  );
}
