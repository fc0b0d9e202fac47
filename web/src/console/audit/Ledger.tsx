import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";
import { Scrolled } from "../../ui/Scrolled";

interface LedgerProps {
  /** How many steps are shown, and how many there are by now. */
  count: number;
  all: number;
  columns: readonly ("recorded" | "occurred" | "service" | "what" | "who")[];
  /** A row a step. */
  children: ReactNode;
}

/** Who did what, by when it became known. */
export function Ledger({ count, all, columns, children }: LedgerProps) {
  const { t } = useTranslation();
  return (
    <section className="panel" aria-labelledby="story">
      <h2 id="story">{t("audit.story", { count, all })}</h2>
      {count === 0 && <Empty>{t("audit.nothingYet")}</Empty>}
      {count > 0 && (
        <Scrolled label={t("audit.storyList")}>
          <table className="ledger" aria-label={t("audit.storyList")}>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {t(`audit.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{children}</tbody>
          </table>
        </Scrolled>
      )}
    </section>
  );
}
