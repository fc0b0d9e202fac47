import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Form, Input, Radio, Select } from "antd";
import { useTranslation } from "react-i18next";
import { body, command, commandKey, sla } from "../../lib/clients";
import { fieldErrors } from "../../lib/fields";
import { problemOf } from "../../lib/problem";
import { Failure } from "../../ui/Failure";
import { Answer } from "../Answer";
import { usePresets } from "../presets";
import { Pauses } from "./Pauses";
import { type Asked, BLANK, type Question, questionOf } from "./question";
import "./calculation.css";

/** 到期计算: when would it be due? Nothing is kept of it. */
export function Calculation() {
  const { t } = useTranslation();
  const [form] = Form.useForm<Asked>();
  const ask = useMutation({
    mutationFn: (question: Question) =>
      body(sla.POST("/v1/calculations", { body: question, headers: command(commandKey()) })),
    onError: (error) => form.setFields(fieldErrors(problemOf(error)) as Parameters<typeof form.setFields>[0]),
  });
  return (
    <div className="page">
      <Link to="/wallboard">{t("wallboard.back")}</Link>
      <h1>{t("calculation.title")}</h1>
      <Form<Asked>
        form={form}
        className="panel"
        layout="vertical"
        initialValues={BLANK}
        onFinish={(asked) => ask.mutate(questionOf(asked))}
      >
        <Fields />
        <Button type="primary" htmlType="submit" loading={ask.isPending}>
          {t("calculation.ask")}
        </Button>
      </Form>
      {ask.error && fieldErrors(problemOf(ask.error)).length === 0 && <Failure error={ask.error} />}
      {ask.data && <Answer items={ask.data.items} />}
    </div>
  );
}

function Fields() {
  const { t, i18n } = useTranslation();
  const presets = usePresets();
  const level = t("triage.level");
  const options = presets.map(({ id, title }) => ({ value: id, label: title[i18n.language] ?? id }));
  return (
    <div className="question">
      <Form.Item
        name="start"
        label={t("calculation.start")}
        rules={[{ required: true, message: t("calculation.startMissing") }]}
      >
        <Input type="datetime-local" />
      </Form.Item>
      <Form.Item name="level" label={level}>
        <Radio.Group aria-label={level} options={[1, 2, 3, 4].map((value) => ({ value, label: `P${value}` }))} />
      </Form.Item>
      <Form.Item name="preset" label={t("clock.policy")}>
        <Select options={[{ value: "", label: t("calculation.inForce") }, ...options]} />
      </Form.Item>
      <Pauses />
    </div>
  );
}
