import { Button } from "antd";
import { type KeyboardEvent, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { isComposing } from "../../lib/keys";
import { Loading } from "../../ui/Loading";
import { TicketBeside } from "../TicketBeside";

/** One ticket beside the list; Escape closes it, from wherever the focus is. */
export function Drawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  function press({ key, nativeEvent, target }: KeyboardEvent): void {
    const isOurs = key === "Escape" && !isComposing(nativeEvent) && !(target as Element).closest("dialog");
    if (isOurs) onClose();
  }
  return (
    <aside className="drawer" aria-label={t("drawer.title")} onKeyDown={press}>
      <Button className="drawer-close" onClick={onClose}>
        {t("drawer.close")}
      </Button>
      <Suspense fallback={<Loading lines={12} />}>
        <TicketBeside id={id} />
      </Suspense>
    </aside>
  );
}
