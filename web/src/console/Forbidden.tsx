import { useTranslation } from "react-i18next";
import { Empty } from "../ui/Empty";
import { AREAS, type AreaName } from "./areas";
import { useLabel } from "./labels";

/** A page that the person's roles do not open, and whose do. */
export function Forbidden({ area }: { area: AreaName }) {
  const { t } = useTranslation();
  const label = useLabel();
  const roles = AREAS.find(({ name }) => name === area)?.roles ?? [];
  const named = roles.map((role) => label("role", role)).join(" · ");
  return (
    <div className="page">
      <Empty next={t("state.forbiddenHint", { roles: named })}>{t("state.forbidden")}</Empty>
    </div>
  );
}
