import { Alert, Button, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { problemOf } from "../lib/problem";

interface FailureProps {
  error: unknown;
  onRetry?: () => void;
}

/** What stands in the way, in the service's own sentence, with the trace id to tell and a way to try again. */
export function Failure({ error, onRetry }: FailureProps) {
  const { t } = useTranslation();
  const problem = problemOf(error);
  const sentence = problem?.code === "unreachable" ? t("state.unreachable") : problem?.detail || problem?.title;
  return (
    <Alert
      type="error"
      role="alert"
      className="failure"
      title={sentence ?? t("state.defect")}
      description={problem && <Details trace={problem.trace_id} errors={problem.errors} />}
      action={onRetry && <Button onClick={onRetry}>{t("state.retry")}</Button>}
    />
  );
}

function Details({ trace, errors }: { trace: string; errors: { field: string; detail: string }[] | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {errors && errors.length > 0 && (
        <ul>
          {errors.map((error) => (
            <li key={error.field + error.detail}>
              {error.field}: {error.detail}
            </li>
          ))}
        </ul>
      )}
      {trace && (
        <Typography.Text copyable={{ text: trace, tooltips: t("state.copy") }}>
          {t("state.trace")} {trace}
        </Typography.Text>
      )}
    </>
  );
}
