import { useTranslation } from "react-i18next";
import { useLabel } from "../labels";
import type { Contract } from "./accounts";

/** Terms of warranty by class, of a contract or of a product model. */
export function Terms({ of }: { of: Contract["terms"] }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <ul>
      {of.map((term) => (
        <li key={term.component_class}>
          <strong>{term.component_class === "*" ? t("accounts.everyClass") : term.component_class}</strong>{" "}
          {t("accounts.months", { count: term.months })} · {label("start_rule", term.start_rule)}
          {term.latent_defect_months ? ` · ${t("accounts.latent", { count: term.latent_defect_months })}` : ""}
        </li>
      ))}
    </ul>
  );
}
