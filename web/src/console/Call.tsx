import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../api/intake.gen";
import { masked } from "../lib/phone";

type Details = components["schemas"]["TicketDetails"];
type Phone = NonNullable<NonNullable<Details["customer"]>["phones"]>[number];

/** A number is whole once somebody wants it; that it was read is recorded by the service. */
export function Call({ phone }: { phone: Phone }) {
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
