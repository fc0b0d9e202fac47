import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { masked } from "../../lib/phone";
import { Empty } from "../../ui/Empty";
import { Facts } from "../../ui/Facts";
import type { TicketDetails } from "./ticket";

type Phone = NonNullable<NonNullable<TicketDetails["customer"]>["phones"]>[number];

/** Who the customer is and how to reach them, for the roles that need it. */
export function CustomerPanel({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const customer = ticket.customer;
  return (
    <section className="panel" aria-labelledby="customer">
      <h2 id="customer">{t("ticket.customer")}</h2>
      {customer ? (
        <Facts
          of={[
            [t("ticket.name"), customer.name ?? t("ticket.erased")],
            [t("ticket.phones"), customer.phones?.map((phone) => <Call key={phone.typed} phone={phone} />)],
            [t("ticket.address"), customer.address],
          ]}
        />
      ) : (
        <Empty>{t("ticket.hidden")}</Empty>
      )}
    </section>
  );
}

/** A number is whole once somebody wants it; that it was read is recorded by the service. */
function Call({ phone }: { phone: Phone }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  if (!whole)
    return (
      <div>
        {masked(phone.typed)}{" "}
        <Button size="small" onClick={() => setWhole(true)}>
          {t("ticket.showPhone")}
        </Button>
      </div>
    );
  return (
    <div>
      {phone.e164 ? <a href={`tel:${phone.e164}`}>{phone.typed}</a> : phone.typed}
      {phone.extension && ` ${t("ticket.extension", { extension: phone.extension })}`}
    </div>
  );
}
