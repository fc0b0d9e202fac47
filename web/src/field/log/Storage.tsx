import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { current } from "../../lib/now";
import type { Entry } from "../command";

const MEGABYTE = 1_000_000;

/** What the phone holds, and the log as a file for the office. */
export function Storage({ log }: { log: readonly Entry[] }) {
  const { t } = useTranslation();
  const [used, setUsed] = useState<number | null>(null);
  useEffect(() => {
    void navigator.storage?.estimate().then(({ usage }) => setUsed(usage ?? null));
  }, []);
  function save(): void {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(log, null, 2)], { type: "application/json" }));
    link.download = `aftercare-${new Date(current()).toISOString().slice(0, 10)}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
  return (
    <section>
      {used !== null && <p className="quiet">{t("field.used", { size: (used / MEGABYTE).toFixed(1) })}</p>}
      {log.length > 0 && (
        <button type="button" onClick={save}>
          {t("field.export")}
        </button>
      )}
    </section>
  );
}
