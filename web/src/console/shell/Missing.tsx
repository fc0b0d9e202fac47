import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "../../ui/Empty";

export function Missing() {
  const { t } = useTranslation();
  return (
    <div className="page">
      <Empty next={<Link to="/tickets">{t("state.missingHint")}</Link>}>{t("state.missing")}</Empty>
    </div>
  );
}
