import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Failure } from "../../ui/Failure";
import { MaskedPhone } from "../../ui/MaskedPhone";
import { useCustomers } from "./customers";
import type { CustomerOnFile } from "./form";
import { OpenTickets } from "./OpenTickets";

interface FoundCustomersProps {
  digits: string;
  onTake: (customer: CustomerOnFile) => void;
}

/** Who has the number that was typed: the agent asks which of them it is, for a number may be an office's. */
export function FoundCustomers({ digits, onTake }: FoundCustomersProps) {
  const { t } = useTranslation();
  const { data, error } = useCustomers(digits);
  const found = digits && data ? data.items : [];
  return (
    <>
      <p role="status" className="found-count">
        {digits && data && t(found.length ? "register.found" : "register.unknown", { count: found.length })}
      </p>
      {error && <Failure error={error} />}
      <ul className="found">
        {found.map((customer) => (
          <li key={customer.id}>
            <strong>{customer.name}</strong> <Phones customer={customer} />
            <p>{customer.address}</p>
            <OpenTickets customerId={customer.id} />
            <Button onClick={() => onTake(customer)}>{t("register.take", { name: customer.name })}</Button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Phones({ customer }: { customer: CustomerOnFile }) {
  return customer.phones?.map(({ typed }) => <MaskedPhone key={typed} number={typed} />);
}
