import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Draft } from "../../lib/draft";
import { dateTime } from "../../lib/times";
import { Notice } from "../../ui/Notice";
import type { Values } from "./form";

interface DraftOfferProps {
  draft: Draft<Values>;
  onResume: (values: Values) => void;
  onDiscard: () => void;
}

/** What was filled in and not sent, offered back. */
export function DraftOffer({ draft, onResume, onDiscard }: DraftOfferProps) {
  const { t } = useTranslation();
  const acts = (
    <>
      <Button type="primary" onClick={() => onResume(draft.values)}>
        {t("register.resume")}
      </Button>
      <Button onClick={onDiscard}>{t("register.discard")}</Button>
    </>
  );
  return <Notice kind="info" title={t("register.draft", { at: dateTime(draft.at) })} acts={acts} />;
}
