import { useTranslation } from "react-i18next";
import type { Field } from "../../lib/differences";
import { masked } from "../../lib/phone";
import { useLabel } from "../labels";
import type { CustomerFile } from "./customers";

/** A customer's contact, field by field; numbers as a glance over a shoulder may have them. */
export function useFields(): Field<CustomerFile>[] {
  const { t } = useTranslation();
  const label = useLabel();
  return [
    [t("ticket.name"), ({ name }) => name ?? t("ticket.erased")],
    [t("ticket.phones"), ({ phones }) => phones?.map(({ typed }) => masked(typed)).join(" · ")],
    [t("ticket.address"), ({ address }) => address],
    [t("customers.status"), ({ status }) => label("customer_status", status)],
  ];
}
