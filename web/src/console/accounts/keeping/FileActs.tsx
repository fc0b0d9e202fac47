import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { hasRole, usePerson } from "../../../lib/person";
import { KEEP_ASSETS, KEEP_CONTRACTS } from "./orders";

/** What may be put on file for the customer. */
export function FileActs({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const person = usePerson();
  return (
    <div className="acts">
      {hasRole(person, KEEP_CONTRACTS) && (
        <Link to="/accounts/$customerId/contract" params={{ customerId }}>
          {t("keeping.sign")}
        </Link>
      )}
      {hasRole(person, KEEP_ASSETS) && (
        <Link to="/accounts/$customerId/device" params={{ customerId }}>
          {t("keeping.install")}
        </Link>
      )}
      <Link to="/models">{t("models.title")}</Link>
    </div>
  );
}
