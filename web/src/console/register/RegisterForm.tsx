import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Form } from "antd";
import { type KeyboardEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../api/intake.gen";
import { body, command, intake } from "../../lib/clients";
import { keyOfDraft } from "../../lib/command";
import type { Draft } from "../../lib/draft";
import { fieldErrors } from "../../lib/fields";
import { problemOf } from "../../lib/problem";
import { useWhileShown } from "../../lib/useWhileShown";
import { Failure } from "../../ui/Failure";
import { useDrafts } from "../useDrafts";
import { Caller } from "./Caller";
import { Candidates } from "./Candidates";
import { Drafts } from "./Drafts";
import { Follows } from "./Follows";
import { BLANK, isBlank, newTicket, type Values } from "./form";
import { Matter } from "./Matter";

type Opened = components["schemas"]["OpenedTicket"];

interface RegisterFormProps {
  /** What it is filled in with; without it, it is blank. */
  given?: Values;
  onOpened: (opened: Opened) => void;
}

interface Sent {
  values: Values;
  /** The id of the draft that it was: the next call may be at hand when the answer comes. */
  draft: string;
}

/** The form: sent by its button or Ctrl+Enter; what the service says of a field stands at that field. */
export function RegisterForm({ given, onOpened }: RegisterFormProps) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const queries = useQueryClient();
  const drafts = useDrafts("register", isBlank);
  const show = useWhileShown(onOpened);
  const [first] = useState(given);
  useEffect(() => {
    if (!first) return;
    form.setFieldsValue(first);
    form.focusField("summary");
  }, [form, first]);
  // Of a caller on file the fields are not there, and their values stay.
  const filledIn = (): Values => form.getFieldsValue(true);
  const open = useMutation({
    mutationFn: async ({ values, draft }: Sent) => {
      const ticket = newTicket(values);
      return body(intake.POST("/v1/tickets", { body: ticket, headers: command(await keyOfDraft(draft, ticket)) }));
    },
    onSuccess: async (opened, { draft }) => {
      void queries.invalidateQueries({ queryKey: ["tickets"] });
      if (await drafts.drop(draft)) show(opened);
    },
    onError: (error, { draft }) => {
      if (draft !== drafts.atHand()) return;
      const found = atFields(error);
      form.setFields(found as Parameters<typeof form.setFields>[0]);
      if (found[0]) form.scrollToField(found[0].name, { focus: true });
    },
  });
  async function turn(next?: Draft<Values>): Promise<void> {
    await drafts.turn(filledIn(), next);
    open.reset();
    form.resetFields();
    if (next) form.setFieldsValue(next.values);
    else form.focusField(["customer", "phones", 0]);
  }
  function clear(): void {
    form.resetFields();
    open.reset();
    void drafts.turn(BLANK); // what is written from now on is another call, though this one may be on its way
  }
  function press(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    if (event.shiftKey) void turn();
    else form.submit();
  }
  return (
    <>
      <Drafts of={drafts.others} onResume={turn} onDiscard={({ id }) => drafts.drop(id)} />
      {open.error && atFields(open.error).length === 0 && <Failure error={open.error} />}
      <Form<Values>
        form={form}
        layout="vertical"
        initialValues={BLANK}
        requiredMark
        scrollToFirstError={{ focus: true }}
        onValuesChange={() => drafts.keep(filledIn())}
        onFinish={() => open.mutate({ values: filledIn(), draft: drafts.atHand() })}
        onKeyDown={press}
      >
        <div className="register">
          <Caller onFilled={() => drafts.keep(filledIn())} />
          <Matter onFilled={() => drafts.keep(filledIn())} />
        </div>
        <Follows />
        <Candidates />
        <div className="acts">
          <Button type="primary" htmlType="submit" loading={open.isPending}>
            {t("register.submit")} <Key name="Ctrl+Enter" />
          </Button>
          <Button onClick={() => void turn()}>
            {t("register.nextCall")} <Key name="Ctrl+Shift+Enter" />
          </Button>
          <Button onClick={clear}>{t("register.reset")}</Button>
          {drafts.isKept && <span role="status">{t("register.saved")}</span>}
        </div>
      </Form>
    </>
  );
}

/** What the service said of fields that are on the page. */
function atFields(error: unknown) {
  return fieldErrors(problemOf(error)).filter(({ name }) => name[0] !== "customer_id");
}

function Key({ name }: { name: string }) {
  return (
    <span className="key" aria-hidden="true">
      {name}
    </span>
  );
}
