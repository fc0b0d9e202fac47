import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Form, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { useWhileShown } from "../../lib/useWhileShown";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import { codes, useLabel, type Vocabulary } from "../labels";
import { type Amended, amendment, saidOf } from "./amendment";
import type { TicketDetails } from "./ticket";

interface AmendDialogProps {
  ticket: TicketDetails;
  onClose: () => void;
}

/** Asks what is to be put right, and why. */
export function AmendDialog({ ticket, onClose }: AmendDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const [form] = Form.useForm<Amended & { reason: string }>();
  const reason = Form.useWatch("reason", form) ?? "";
  const amend = useAmend(ticket, onClose);
  const options = (of: Vocabulary) => codes(of).map((value) => ({ value, label: label(of, value) }));
  return (
    <CommandDialog
      title={t("life.amend")}
      isPending={amend.isPending}
      disabled={!reason.trim()}
      conflict={null}
      onConfirm={() => form.submit()}
      onClose={onClose}
    >
      <Form form={form} layout="vertical" initialValues={saidOf(ticket)} onFinish={(values) => amend.mutate(values)}>
        <Form.Item name="reason" label={t("life.whyAmended")}>
          <Input autoFocus maxLength={limitOf("TicketAmendment", "reason").max} />
        </Form.Item>
        <Form.Item name="kind" label={t("queue.kind")}>
          <Select showSearch optionFilterProp="label" options={options("ticket_kind")} />
        </Form.Item>
        <Form.Item name="urgency" label={t("queue.urgency")}>
          <Select options={options("urgency")} />
        </Form.Item>
        <Form.Item name="region" label={t("queue.region")}>
          <Input maxLength={limitOf("TicketAmendment", "region").max} />
        </Form.Item>
        <Form.Item name="contract" label={t("queue.contract")}>
          <Input maxLength={limitOf("TicketAmendment", "contract").max} />
        </Form.Item>
        <Form.Item name="summary" label={t("ticket.summary")}>
          <Input.TextArea maxLength={limitOf("TicketAmendment", "summary").max} autoSize={{ minRows: 2, maxRows: 8 }} />
        </Form.Item>
      </Form>
      {amend.error && <Failure error={amend.error} />}
    </CommandDialog>
  );
}

function useAmend(ticket: TicketDetails, onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onDone);
  const params = { path: { ticket_id: ticket.id } };
  return useMutation({
    mutationFn: ({ reason, ...values }: Amended & { reason: string }) => {
      const asked = amendment(ticket, values, reason);
      return body(
        intake.POST("/v1/tickets/{ticket_id}/amendment", { params, headers: command(keyOf(asked)), body: asked }),
      );
    },
    onSuccess: done,
    onSettled: () => void queries.invalidateQueries(),
  });
}
