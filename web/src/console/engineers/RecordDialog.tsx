import { useNavigate } from "@tanstack/react-router";
import { Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import limits from "../../api/limits.gen.json";
import { fieldsOf } from "../../lib/differences";
import { useWhileShown } from "../../lib/useWhileShown";
import { ActDialog } from "../ActDialog";
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
  const fields = fieldsOf(({ engineer }: Read | typeof NOBODY) => engineer, useFields());
  const show = useWhileShown((engineerId: string) =>
    navigate({ to: "/engineers/$engineerId", params: { engineerId } }),
  );
  async function send(on: Read | typeof NOBODY, values: Values, key: string): Promise<void> {
    const engineerId = await save(on.engineer ? on : null, values, key);
    if (!on.engineer) await show(engineerId);
  }
  return (
    <ActDialog<Read | typeof NOBODY, Values>
      title={t(read ? "engineers.amend" : "engineers.register")}
      changedTitle={t("engineers.changed")}
      elsewhere={t("engineers.changedElsewhere")}
      {...{ fields, send, onClose }}
      shown={read ?? NOBODY}
      now={now ?? NOBODY}
      blank={read ? valuesOf(read) : {}}
    >
      <Text name="name" label={t("engineers.name")} max={NewEngineer.name.max} />
      <Text name="region" label={t("queue.region")} max={NewEngineer.region.max} />
      <Form.Item<Values> name="skills" label={t("workOrder.skills")} extra={t("engineers.skillsHint")}>
        <Input />
      </Form.Item>
    </ActDialog>
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
