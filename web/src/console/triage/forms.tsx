import { Form, Input, Radio } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { Choices } from "../../ui/Choices";
import { Failure } from "../../ui/Failure";
import { codes, useLabel, type Vocabulary } from "../labels";
import type { Act } from "./acts";
import { useSkills } from "./case";
import type { Values } from "./order";

/** The fields of each act. */
export const FORMS: Record<Act, () => ReactNode> = {
  classify: Classification,
  startRemote: RemoteStart,
  endRemote: RemoteResult,
  findCause: Finding,
  authorise: Authorisation,
};

const LEVELS = [1, 2, 3, 4] as const;

function Classification() {
  const { t } = useTranslation();
  return (
    <>
      <OneOf
        name="level"
        label={t("triage.level")}
        options={LEVELS.map((value) => ({ value, label: `P${value} ${t(`triage.level${value}`)}` }))}
      />
      <OneCode name="maintenance_type" label={t("triage.maintenanceType")} of="maintenance_type" />
    </>
  );
}

function RemoteStart() {
  return <Note />;
}

function RemoteResult() {
  const { t } = useTranslation();
  const label = useLabel();
  const options = (["succeeded", "failed"] as const).map((value) => ({ value, label: label("remote_support", value) }));
  return (
    <>
      <OneOf name="outcome" label={t("triage.outcome")} options={options} />
      <Note />
    </>
  );
}

function Finding() {
  const { t } = useTranslation();
  const label = useLabel();
  const required = useRequired();
  const options = codes("cause").map((value) => ({
    value,
    label: (
      <>
        {label("cause", value)}
        <small>{t(`triage.causeFollows.${value}`)}</small>
      </>
    ),
  }));
  return (
    <>
      <OneOf name="cause" label={t("triage.cause")} options={options} className="one-a-line" />
      <Form.Item name="explanation" label={t("triage.explanation")} rules={[required(t("triage.explanation"))]}>
        <Input.TextArea maxLength={limitOf("Finding", "explanation").max} autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
    </>
  );
}

function Authorisation() {
  const { t } = useTranslation();
  const skills = useSkills();
  const options = (skills.data ?? []).map((value) => ({ value, label: value }));
  return (
    <>
      <OneCode name="job_type" label={t("triage.jobType")} of="job_type" />
      <Form.Item name="skills">
        <Skills options={options} />
      </Form.Item>
      {skills.error && <Failure error={skills.error} onRetry={() => void skills.refetch()} />}
      <p>{t("triage.freeOnly")}</p>
    </>
  );
}

interface SkillsProps {
  options: { value: string; label: string }[];
  /** Given by the form. */
  value?: string[];
  onChange?: (value: string[]) => void;
}

function Skills({ options, value = [], onChange }: SkillsProps) {
  const { t } = useTranslation();
  return (
    <Choices label={t("triage.skills")} options={options} value={value} onChange={(wanted) => onChange?.(wanted)} />
  );
}

function Note() {
  const { t } = useTranslation();
  return (
    <Form.Item name="note" label={t("triage.note")}>
      <Input.TextArea maxLength={limitOf("RemoteSupport", "note").max} autoSize={{ minRows: 3, maxRows: 8 }} />
    </Form.Item>
  );
}

interface OneOfProps {
  name: keyof Values;
  label: string;
  options: { value: string | number; label: ReactNode }[];
  className?: string;
}

function OneOf({ name, label, options, className }: OneOfProps) {
  const { t } = useTranslation();
  const message = t("register.required", { field: label });
  return (
    <Form.Item name={name} label={label} rules={[{ required: true, message }]}>
      <Radio.Group aria-label={label} options={options} {...(className && { className })} />
    </Form.Item>
  );
}

function OneCode({ name, label, of }: { name: keyof Values; label: string; of: Vocabulary }) {
  const said = useLabel();
  return <OneOf name={name} label={label} options={codes(of).map((value) => ({ value, label: said(of, value) }))} />;
}

/** The rule of a field that has to be filled in: blanks are nothing. */
function useRequired() {
  const { t } = useTranslation();
  return (field: string) => ({ required: true, whitespace: true, message: t("register.required", { field }) });
}
