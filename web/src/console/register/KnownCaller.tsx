import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Facts } from "../../ui/Facts";
import { MaskedPhone } from "../../ui/MaskedPhone";
import type { Values } from "./form";
import { OpenTickets } from "./OpenTickets";

interface KnownCallerProps {
  id: string;
  contact: Values["customer"];
  onRelease: () => void;
}

/** A caller who is on file: nothing is typed again. */
export function KnownCaller({ id, contact, onRelease }: KnownCallerProps) {
  const { t } = useTranslation();
  return (
    <>
      <Facts
        of={[
          [t("register.name"), contact.name],
          [t("register.phone"), contact.phones.map((phone) => <MaskedPhone key={phone} number={phone} />)],
          [t("register.address"), contact.address],
        ]}
      />
      <OpenTickets customerId={id} />
      <Button onClick={onRelease}>{t("register.release")}</Button>
    </>
  );
}
