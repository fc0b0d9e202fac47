import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form } from "antd";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/intake.gen";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { fieldErrors } from "../../lib/fields";
import { problemOf } from "../../lib/problem";
import { Failure } from "../../ui/Failure";
import { Caller } from "./Caller";
import { DraftOffer } from "./DraftOffer";
import { BLANK, newTicket, type Values } from "./form";
import { Matter } from "./Matter";
import { useDraft } from "./useDraft";

type Opened = components["schemas"]["OpenedTicket"];

/** The form: sent by its button or Ctrl+Enter; what the service says of a field stands at that field. */
export function RegisterForm({ onOpened }: { onOpened: (opened: Opened) => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const keyOf = useCommandKey();
  const queries = useQueryClient();
  const draft = useDraft();
  const open = useMutation({
    mutationFn: (values: Values) => {
      const ticket = newTicket(values);
      return body(intake.POST("/v1/tickets", { body: ticket, headers: command(keyOf(ticket)) }));
    },
    onSuccess: async (opened) => {
      await draft.drop();
      void queries.invalidateQueries({ queryKey: ["tickets"] });
      onOpened(opened);
    },
    onError: (error) => {
      const found = fieldErrors(problemOf(error));
      form.setFields(found as Parameters<typeof form.setFields>[0]);
      if (found[0]) form.scrollToField(found[0].name, { focus: true });
    },
  });
  function resume(values: Values): void {
    form.setFieldsValue(values);
    draft.settle();
  }
  function clear(): void {
    form.resetFields();
    void draft.drop();
  }
  function press(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  return (
    <>
      {draft.offered && <DraftOffer draft={draft.offered} onResume={resume} onDiscard={() => void draft.drop()} />}
      {open.error && fieldErrors(problemOf(open.error)).length === 0 && <Failure error={open.error} />}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={BLANK}
        requiredMark
        scrollToFirstError={{ focus: true }}
        onValuesChange={(_, values) => draft.keep(values)}
        onFinish={(values) => open.mutate(values)}
        onKeyDown={press}
      >
        <div className="register">
          <Caller />
          <Matter />
        </div>
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={open.isPending}>
            {t("register.submit")}{" "}
            <span className="key" aria-hidden="true">
              Ctrl+Enter
            </span>
          </Button>
          <Button onClick={clear}>{t("register.reset")}</Button>
          {draft.keptAt && <span role="status">{t("register.saved")}</span>}
        </div>
      </Form>
    </>
  );
}
