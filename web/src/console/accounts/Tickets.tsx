import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../lib/times";
import { Empty } from "../../ui/Empty";
import { useLabel } from "../labels";
import { type About, useTicketsAbout } from "./accounts";

/** The tickets about an asset, of a customer, or under a contract, with what the warranty said of each. */
export function Tickets({ about }: { about: About }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data } = useTicketsAbout(about);
  return (
    <section className="panel" aria-labelledby="tickets">
      <h2 id="tickets">{t("accounts.tickets")}</h2>
      {data?.length === 0 && <Empty>{t("accounts.noTickets")}</Empty>}
      {data && data.length > 0 && (
        <ul>
          {data.map(({ id, number, status, opened_at, warranty }) => (
            <li key={id}>
              <Link to="/tickets/$ticketId" params={{ ticketId: id }}>
                {number}
              </Link>{" "}
              {label("ticket_status", status)} · {label("verdict", warranty.verdict)} · {shortTime(opened_at)}
            </li>
          ))}
        </ul>
      )}
      {data && data.length > 0 && (
        <Link to="/tickets" search={about}>
          {t("keeping.inQueue")}
        </Link>
      )}
    </section>
  );
}
