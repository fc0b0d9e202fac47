import { Form, Input, Radio } from "antd";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { codes, useLabel } from "../labels";
import { type CallOutcome, isFinal, type Values } from "./outcome";

const SCORES = [5, 4, 3, 2, 1] as const;

/** What is asked for depends on what came of the call: a score of who was reached, a time of who is called again. */
export function AttemptFields() {
  const { t } = useTranslation();
  const outcome = Form.useWatch<CallOutcome | undefined>("outcome");
  return (
    <>
      <Outcome />
      <Score hidden={outcome !== "reached"} />
      {outcome && !isFinal(outcome) && (
        <Form.Item<Values> name="again_at" label={t("callbacks.again")} extra={t("callbacks.againHint")}>
          <Input type="datetime-local" />
        </Form.Item>
      )}
      <Form.Item<Values> name="comment" label={t("callbacks.comment")}>
        <Input.TextArea maxLength={limits.survey.Attempt.comment.max} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
    </>
  );
}

function Outcome() {
  const { t } = useTranslation();
  const label = useLabel();
  const name = t("callbacks.lastOutcome");
  const options = codes("call_outcome")
    .filter((value) => value !== "by_link")
    .map((value) => ({ value, label: label("call_outcome", value) }));
  const message = t("register.required", { field: name });
  return (
    <Form.Item<Values> name="outcome" label={name} rules={[{ required: true, message }]}>
      <Radio.Group aria-label={name} options={options} />
    </Form.Item>
  );
}

/** It is there from the beginning, so that a form that is sent in haste misses it, too. */
function Score({ hidden }: { hidden: boolean }) {
  const { t } = useTranslation();
  const name = t("callbacks.score");
  const options = SCORES.map((value) => ({ value, label: t(`callbacks.scores.${value}`) }));
  const message = t("register.required", { field: name });
  return (
    <Form.Item<Values>
      name="score"
      label={name}
      hidden={hidden}
      required
      rules={[({ getFieldValue }) => ({ required: getFieldValue("outcome") === "reached", message })]}
    >
      <Radio.Group aria-label={name} options={options} />
    </Form.Item>
  );
}
