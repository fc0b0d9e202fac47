import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Column } from "../../ui/Grid";
import { AHEAD, type EngineerItem } from "./engineers";

/** The list's columns; visits ahead by engineer. */
export function useColumns(load: ReadonlyMap<string, number>): Column<EngineerItem>[] {
  const { t, i18n } = useTranslation();
  return useMemo(
    () => [
      {
        key: "name",
        title: t("engineers.name"),
        width: "minmax(110px, 1fr)",
        cell: (row) => (
          <Link to="/engineers/$engineerId" params={{ engineerId: row.id }} tabIndex={-1}>
            {row.name ?? t("ticket.erased")}
          </Link>
        ),
      },
      { key: "region", title: t("queue.region"), width: "minmax(80px, 1fr)", cell: (row) => row.region },
      {
        key: "skills",
        title: t("workOrder.skills"),
        width: "minmax(200px, 4fr)",
        cell: (row) => row.skills.join(" · "),
      },
      {
        key: "load",
        title: t("engineers.ahead", { days: AHEAD }),
        width: "130px",
        cell: (row) => load.get(row.id) ?? 0,
      },
      {
        key: "login",
        title: t("engineers.login"),
        width: "110px",
        cell: (row) => t(row.actor_id ? "engineers.bound" : "engineers.unbound"),
      },
    ],
    [load, i18n.language],
  );
}
