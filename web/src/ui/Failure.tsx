import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { problemOf } from "../lib/problem";
import { useSentence } from "../lib/sentence";
import { Notice } from "./Notice";

interface FailureProps {
  error: unknown;
  onRetry?: () => void;
}

/** What stands in the way, in the service's own sentence, with the trace id to tell and a way to try again. */
export function Failure({ error, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  const sentence = useSentence(error);
  return (
    <Notice kind="error" title={sentence} acts={onRetry && <Button onClick={onRetry}>{t("state.retry")}</Button>}>
      {problem?.trace_id && <Trace id={problem.trace_id} />}
    </Notice>
  );
}

function Trace({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <div>
      {t("state.trace")} <code>{id}</code>{" "}
      <Button size="small" onClick={() => void navigator.clipboard.writeText(id)}>
        {t("state.copy")}
      </Button>
    </div>
  );
}
