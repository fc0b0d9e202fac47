import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Draft } from "../../lib/draft";
import { dateTime } from "../../lib/times";
import type { Values } from "./form";

interface DraftOfferProps {
  draft: Draft<Values> | undefined;
  onResume: (values: Values) => void;
  onDone: () => void;
  onDiscard: () => Promise<void>;
}

export function DraftOffer({ draft, onResume, onDone, onDiscard }: DraftOfferProps) {
  const { t } = useTranslation();
  if (!draft) return null;
  function resume(): void {
    if (draft) onResume(draft.values);
    onDone();
  }
  return (
    <Alert
      type="info"
      role="status"
      title={t("register.draft", { at: dateTime(draft.at) })}
      action={
        <div className="acts">
          <Button type="primary" onClick={resume}>
            {t("register.resume")}
          </Button>
          <Button onClick={() => void onDiscard()}>{t("register.discard")}</Button>
        </div>
      }
    />
  );
}
