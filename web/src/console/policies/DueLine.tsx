import { useTranslation } from "react-i18next";
import { dateTime } from "../../lib/times";
import { titleOf } from "./said";
import type { DueItem } from "./tries";

interface DueLineProps {
  items: DueItem[];
  start: string;
  /** Milliseconds from the start to the latest deadline that is shown, here or beside: the length of every line. */
  latest: number;
}

/** The deadlines on lines of one scale, from the start on. */
export function DueLine({ items, start, latest }: DueLineProps) {
  const { t } = useTranslation();
  const begun = Date.parse(start);
  return (
    <ol className="due-line">
      {items.map(({ policy, metric, title, due_at, timezone }) => (
        <li key={`${policy} ${metric}`}>
          {titleOf(title, metric)} · {due_at ? dateTime(due_at, timezone) : t("clock.noDeadline")}
          {due_at && (
            <span className="track" aria-hidden="true">
              <span
                className="bar"
                style={{ width: `${(100 * (Date.parse(due_at) - begun)) / Math.max(latest, 1)}%` }}
              />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
