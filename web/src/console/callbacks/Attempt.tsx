import { Button } from "antd";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "../../lib/keys";
import { AttemptDialog } from "./AttemptDialog";
import type { Read } from "./callback";

/** What came of a call is said in a dialog of its own; `.` goes to its button. */
export function Attempt({ read, zone }: { read: Read; zone: string | null }) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const [shown, setShown] = useState<Read | null>(null);
  useShortcuts(useMemo(() => ({ ".": () => button.current?.focus() }), []));
  return (
    <>
      {read.callback.status === "scheduled" && (
        <Button ref={button} type="primary" onClick={() => setShown(read)}>
          {t("callbacks.record")}
        </Button>
      )}
      {shown && <AttemptDialog shown={shown} now={read} zone={zone} onClose={() => setShown(null)} />}
    </>
  );
}
