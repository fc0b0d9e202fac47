import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { shortTime } from "../../lib/times";
import { useLabel } from "../labels";
import { useOpenTickets } from "./customers";

/** What this customer has open already: perhaps the call is about that. */
export function OpenTickets({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data } = useOpenTickets(customerId);
  if (!data) return null;
  if (data.items.length === 0) return <p>{t("register.noneOpen")}</p>;
  return (
    <>
      <p>{t("register.openTickets", { count: data.items.length })}</p>
      <ul className="open-tickets">
        {data.items.map(({ id, number, status, opened_at }) => (
          <li key={id}>
            <Link to="/tickets/$ticketId" params={{ ticketId: id }}>
              {number}
            </Link>{" "}
            {label("ticket_status", status)} · {shortTime(opened_at)}
          </li>
        ))}
      </ul>
    </>
  );
}
