import type { ReactNode } from "react";
import "./Scrolled.css";

/** What may be wider than the screen: it is scrolled by itself, by keyboard, too. */
export function Scrolled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a mouse the focus is what scrolls it
    <section className="scrolled" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
