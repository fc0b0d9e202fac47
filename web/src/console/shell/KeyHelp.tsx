import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { choice, choose } from "../../lib/choices";
import { Dialog } from "../../ui/Dialog";

const LINES = [
  "areas",
  "tickets",
  "register",
  "search",
  "help",
  "rows",
  "open",
  "select",
  "submit",
  "draft",
  "board",
] as const;

/** What the keyboard does, and the switch for single keys. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [on, setOn] = useState(choice("keys") !== "off");
  function toggle(wanted: boolean): void {
    choose("keys", wanted ? "on" : "off");
    setOn(wanted);
  }
  return (
    <Dialog title={t("keys.title")} onClose={onClose}>
      <ul>
        {LINES.map((line) => (
          <li key={line}>{t(`keys.${line}`)}</li>
        ))}
      </ul>
      <label>
        <input type="checkbox" checked={on} onChange={(event) => toggle(event.target.checked)} /> {t("keys.on")}
      </label>
      <div className="acts">
        <Button type="primary" onClick={onClose}>
          {t("keys.close")}
        </Button>
      </div>
    </Dialog>
  );
}
