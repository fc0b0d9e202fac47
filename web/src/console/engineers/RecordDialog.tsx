import { useNavigate } from "@tanstack/react-router";
import { Form, Input } from "antd";
import { type KeyboardEvent, useEffect } from "react";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { useAct } from "../../lib/act";
import { differences } from "../../lib/differences";
import { fieldErrors } from "../../lib/fields";
import { isComposing } from "../../lib/keys";
import { problemOf } from "../../lib/problem";
import { CommandDialog } from "../../ui/CommandDialog";
import { Conflict } from "../../ui/Conflict";
import { Failure } from "../../ui/Failure";
import type { Read } from "./engineers";
import { useFields } from "./fields";
import { save, type Values } from "./orders";

const { NewEngineer } = limits.dispatch;

interface RecordDialogProps {
  /** As it was when the dialog opened; null: somebody new. */
  read: Read | null;
  now: Read | null;
  onClose: () => void;
}

/** What a command about nobody yet is about. */
const NOBODY = { engineer: null, etag: null };

/** The record of an engineer who is there, or of a new one. */
export function RecordDialog({ read, now, onClose }: RecordDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [form] = Form.useForm<Values>();
  const fields = useFields();
  const run = useAct<Read | typeof NOBODY, Values>({
    shown: read ?? NOBODY,
    now: now ?? NOBODY,
    send: async (on, values, key) => {
      const engineerId = await save(on.engineer ? on : null, values, key);
      if (!on.engineer) await navigate({ to: "/engineers/$engineerId", params: { engineerId } });
    },
    onDone: onClose,
  });
  const errors = fieldErrors(problemOf(run.error));
  useEffect(() => {
    const told = fieldErrors(problemOf(run.error)).map(({ name, errors }) => ({ name: name.slice(0, 1), errors }));
    form.setFields(told as Parameters<typeof form.setFields>[0]); // a skill's error stands at the skills
  }, [form, run.error]);
  function press(event: KeyboardEvent): void {
    if (isComposing(event.nativeEvent)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.submit();
  }
  const { engineer } = run.seen;
  const conflict = run.conflict && (
    <Conflict
      title={t("engineers.changed")}
      changed={engineer && now ? differences(fields, engineer, now.engineer) : []}
      elsewhere={t("engineers.changedElsewhere")}
    />
  );
  return (
    <CommandDialog
      title={t(read ? "engineers.amend" : "engineers.register")}
      isPending={run.isPending}
      conflict={conflict}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form<Values>
        form={form}
        name="engineer"
        className="form"
        layout="vertical"
        initialValues={read ? valuesOf(read) : {}}
        onFinish={(values) => run.confirm(values)}
        onKeyDown={press}
      >
        <Text name="name" label={t("engineers.name")} max={NewEngineer.name.max} />
        <Text name="region" label={t("queue.region")} max={NewEngineer.region.max} />
        <Form.Item<Values> name="skills" label={t("triage.skills")} extra={t("engineers.skillsHint")}>
          <Input />
        </Form.Item>
      </Form>
      {run.error && errors.length === 0 && <Failure error={run.error} />}
    </CommandDialog>
  );
}

function Text({ name, label, max }: { name: "name" | "region"; label: string; max: number }) {
  const { t } = useTranslation();
  const rules = [{ required: true, whitespace: true, message: t("register.required", { field: label }) }];
  return (
    <Form.Item<Values> name={name} label={label} rules={rules}>
      <Input maxLength={max} />
    </Form.Item>
  );
}

function valuesOf({ engineer }: Read): Values {
  return { name: engineer.name ?? "", region: engineer.region, skills: engineer.skills.join(" ") };
}
