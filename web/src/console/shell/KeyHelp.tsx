import { Checkbox, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { choice, choose } from "../../lib/choices";

const LINES = ["areas", "tickets", "register", "search", "help", "rows", "open", "submit"] as const;

/** What the keyboard does, and the switch for single keys. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(choice("keys") !== "off");
  function toggle(wanted: boolean): void {
    choose("keys", wanted ? "on" : "off");
    setOn(wanted);
  }
  return (
    <Modal
      title={t("keys.title")}
      open={open}
      onCancel={onClose}
      onOk={onClose}
      footer={null}
      closable={{ "aria-label": t("keys.close") }}
    >
      <ul>
        {LINES.map((line) => (
          <li key={line}>{t(`keys.${line}`)}</li>
        ))}
      </ul>
      <Checkbox checked={on} onChange={(event) => toggle(event.target.checked)}>
        {t("keys.on")}
      </Checkbox>
    </Modal>
  );
}
