import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { isProblem } from "../../lib/problem";
import { useSentence } from "../../lib/sentence";
import { Notice } from "../../ui/Notice";

interface RefusalProps {
  number: string;
  error: Error;
  onClose: () => void;
}

/** Why a visit is where it was, in the service's own sentence. */
export function Refusal({ number, error, onClose }: RefusalProps) {
  const { t } = useTranslation();
  const sentence = useSentence(error);
  return (
    <Notice
      kind="error"
      title={t("board.notMoved", { number })}
      acts={<Button onClick={onClose}>{t("board.close")}</Button>}
    >
      <div>{isProblem(error, "stale-version") ? t("board.changedSince") : sentence}</div>
    </Notice>
  );
}
