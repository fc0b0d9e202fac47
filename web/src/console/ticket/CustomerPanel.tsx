import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import { Call } from "../Call";
import type { TicketDetails } from "./ticket";

/** Who the customer is and how to reach them, for the roles that need it. */
export function CustomerPanel({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const { customer, site } = ticket;
  return (
    <section className="panel" aria-labelledby="customer">
      <h2 id="customer">{t("ticket.customer")}</h2>
      {customer ? (
        <Facts
          of={[
            [t("ticket.name"), customer.name ?? t("ticket.erased")],
            [t("ticket.phones"), customer.phones?.map((phone) => <Call key={phone.typed} phone={phone} />)],
            [t("ticket.address"), site?.address ? `${site.name} · ${site.address}` : customer.address],
          ]}
        />
      ) : (
        <Empty>{t("ticket.hidden")}</Empty>
      )}
    </section>
  );
}
