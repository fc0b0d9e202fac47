import { Form, Input, Radio } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import { putAtFields } from "../atFields";
import { useLabel } from "../labels";
import { WAITS } from "../ticketCodes";
import type { TicketDetails } from "./ticket";
import { type Asked, isWhole, useWait } from "./wait";

interface WaitDialogProps {
  ticket: TicketDetails;
  onClose: () => void;
}

/** Asks whom the ticket waits for, why, and when somebody looks at it again. */
export function WaitDialog({ ticket, onClose }: WaitDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [form] = Form.useForm<Asked>();
  const asked: Partial<Asked> | undefined = Form.useWatch([], form);
  const wait = useWait(ticket.id, onClose);
  useEffect(() => {
    if (wait.error) putAtFields(form, wait.error);
  }, [form, wait.error]);
  return (
    <CommandDialog
      title={t("life.waits")}
      isPending={wait.isPending}
      disabled={!isWhole(asked)}
      conflict={null}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form form={form} layout="vertical" onFinish={(values) => isWhole(values) && wait.mutate(values)}>
        <Form.Item<Asked> name="waits_for" label={t("life.whom")}>
          <Radio.Group
            aria-label={t("life.whom")}
            options={WAITS.map((value) => ({ value, label: label("waits_for", value) }))}
          />
        </Form.Item>
        <Form.Item<Asked> name="reason" label={t("life.whyWaits")}>
          <Input maxLength={limitOf("Wait", "reason").max} />
        </Form.Item>
        <Form.Item<Asked> name="look_again_at" label={t("life.lookAgain")}>
          <Input type="datetime-local" />
        </Form.Item>
      </Form>
      {wait.error && <Failure error={wait.error} />}
    </CommandDialog>
  );
}
