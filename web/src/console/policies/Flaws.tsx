import { useTranslation } from "react-i18next";
import { Notice } from "../../ui/Notice";
import type { Flaw } from "./document";

/** Every place that keeps a document from working, and why. */
export function Flaws({ of }: { of: Flaw[] }) {
  const { t } = useTranslation();
  return (
    <Notice kind="error" title={t("policies.cannotWork")}>
      <ul className="flaws">
        {of.map(({ place, detail }) => (
          <li key={`${place} ${detail}`}>
            <code>{place}</code> {detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}
