import type { ReactNode } from "react";
import "./Facts.css";

/** Names and what they say; what says nothing is left out. */
export function Facts({ of }: { of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {of
        .filter(([, said]) => said !== null && said !== undefined && said !== false && said !== "")
        .map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
    </dl>
  );
}
