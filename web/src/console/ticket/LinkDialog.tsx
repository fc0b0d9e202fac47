import { Button, Input, QRCode } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/Dialog";

/** A link that was made just now, to be copied or scanned; who hears the page has the address. It is kept nowhere. */
export function LinkDialog({ address, onClose }: { address: string; onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(address);
    setCopied(true);
  }
  return (
    <Dialog title={t("links.made")} onClose={onClose}>
      <p>{t("links.once")}</p>
      <div aria-hidden="true">
        <QRCode value={address} type="svg" size={200} bordered={false} />
      </div>
      <label htmlFor={id}>{t("links.address")}</label>
      <Input id={id} value={address} readOnly onFocus={(event) => event.target.select()} />
      <div className="acts">
        <Button type="primary" onClick={() => void copy()}>
          {t("links.copy")}
        </Button>
        <Button onClick={onClose}>{t("links.done")}</Button>
        <span role="status">{copied && t("links.copied")}</span>
      </div>
    </Dialog>
  );
}
