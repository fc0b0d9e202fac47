import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { type KeyboardEvent, type ReactNode, useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { keyOfDraft } from "../../../lib/command";
import type { Draft } from "../../../lib/draft";
import { isComposing } from "../../../lib/keys";
import { dateTime } from "../../../lib/times";
import { useWhileShown } from "../../../lib/useWhileShown";
import { Failure } from "../../../ui/Failure";
import { putAtFields } from "../../atFields";
import { useDrafts } from "../../useDrafts";

interface FilingFormProps<Values> {
  /** Which form it is and what it is about: its drafts are kept by that. */
  name: string;
  /** The same object as long as the form stands. */
  blank: Values;
  send: (values: Values, key: string) => Promise<{ id: string }>;
  onFiled: (id: string) => void;
  children: ReactNode;
}

interface Sent<Values> {
  values: Values;
  /** The id of the draft that it was: another one may be at hand when the answer comes. */
  draft: string;
}

/** A form that puts something on file: what the service says of a field stands there, what is not sent stays a draft. */
export function FilingForm<Values extends object>({ name, blank, send, onFiled, children }: FilingFormProps<Values>) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const queries = useQueryClient();
  const [isPlaced, setPlaced] = useState(false);
  const isBlank = useCallback((values: Values) => JSON.stringify(values) === JSON.stringify(blank), [blank]);
  const drafts = useDrafts<Values>(name, isBlank);
  const filledIn = (): Values => form.getFieldsValue(true);
  const filed = useWhileShown(onFiled);
  const run = useMutation({
    mutationFn: async ({ values, draft }: Sent<Values>) => send(values, await keyOfDraft(draft, values)),
    onSuccess: async ({ id }, { draft }) => {
      if (await drafts.drop(draft)) filed(id);
    },
    onError: (error, { draft }) => {
      if (draft === drafts.atHand()) setPlaced(putAtFields(form, error));
    },
    onSettled: () => queries.invalidateQueries(),
  });
  async function resume(draft: Draft<Values>): Promise<void> {
    await drafts.turn(filledIn(), draft);
    run.reset();
    form.setFieldsValue(draft.values as Parameters<typeof form.setFieldsValue>[0]);
  }
  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  return (
    <>
      <Drafts
        of={drafts.others}
        onResume={(draft) => void resume(draft)}
        onDiscard={({ id }) => void drafts.drop(id)}
      />
      <Form<Values>
        form={form}
        className="form filing"
        layout="vertical"
        initialValues={blank}
        onValuesChange={() => drafts.keep(filledIn())}
        onFinish={() => run.mutate({ values: filledIn(), draft: drafts.atHand() })}
        onKeyDown={press}
      >
        {children}
        {run.error && !isPlaced && <Failure error={run.error} />}
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={run.isPending}>
            {t("register.submit")}
          </Button>
          {drafts.isKept && <span role="status">{t("register.saved")}</span>}
        </div>
      </Form>
    </>
  );
}

interface DraftsProps<Values> {
  of: readonly Draft<Values>[];
  onResume: (draft: Draft<Values>) => void;
  onDiscard: (draft: Draft<Values>) => void;
}

function Drafts<Values>({ of, onResume, onDiscard }: DraftsProps<Values>) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <section className="panel drafts" aria-labelledby="drafts">
      <h2 id="drafts">{t("register.drafts", { count: of.length })}</h2>
      <ul>
        {of.map((draft) => (
          <li key={draft.id}>
            {dateTime(draft.at)} <Button onClick={() => onResume(draft)}>{t("register.resume")}</Button>{" "}
            <Button onClick={() => onDiscard(draft)}>{t("register.discard")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
