import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Clock } from "../../ui/Clock";
import { Empty } from "../../ui/Empty";
import { useSteadyOrder } from "../../ui/useSteadyOrder";
import { useLabel } from "../labels";
import { useTicketsById } from "../tickets";
import type { Figures } from "./figures";

/** The clocks that breach next if nothing is heard before. */
export function NextBreaches({ clocks }: { clocks: Figures["next"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const tickets = useTicketsById(useMemo(() => [...new Set(clocks.map((clock) => clock.ticket_id))], [clocks]));
  const { box, rows } = useSteadyOrder<Figures["next"][number], HTMLOListElement>(clocks, ({ id }) => id);
  return (
    <section className="panel beside" aria-labelledby="next">
      <h2 id="next">{t("wallboard.next")}</h2>
      {clocks.length === 0 && <Empty>{t("wallboard.noNext")}</Empty>}
      <ol className="next" ref={box}>
        {rows.map((clock) => (
          <li key={clock.id}>
            <Link to="/tickets/$ticketId" params={{ ticketId: clock.ticket_id }}>
              {tickets.get(clock.ticket_id)?.number ?? t("triage.open")}
            </Link>
            <span>P{clock.level}</span>
            <Clock clock={{ ...clock, breached: false }} name={label("metric", clock.metric)} />
          </li>
        ))}
      </ol>
    </section>
  );
}
