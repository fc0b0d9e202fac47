import { useTranslation } from "react-i18next";
import { Empty } from "../../../ui/Empty";
import { useLabel } from "../../labels";

/** A form that the person's roles do not open, and whose do. */
export function Nobodys({ roles }: { roles: readonly string[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const named = roles.map((role) => label("role", role)).join(" · ");
  return (
    <div className="page">
      <Empty next={t("state.forbiddenHint", { roles: named })}>{t("state.forbidden")}</Empty>
    </div>
  );
}
