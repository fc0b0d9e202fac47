import { useState } from "react";
import { useTranslation } from "react-i18next";
import { masked } from "../lib/phone";
import "./MaskedPhone.css";

/** A phone number that nobody reads over a shoulder: shown, and to be called, at a click. */
export function MaskedPhone({ number }: { number: string }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  if (shown)
    return (
      <a href={`tel:${number.replace(/[^\d+]/g, "")}`} ref={(link) => link?.focus()}>
        {number}
      </a>
    );
  return (
    <button type="button" className="masked" onClick={() => setShown(true)}>
      {masked(number)} <span>{t("phone.show")}</span>
    </button>
  );
}
