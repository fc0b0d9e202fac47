import { useTranslation } from "react-i18next";
import "./Level.css";

const LEVEL = { 1: "level-1", 2: "level-2", 3: "level-3", 4: "level-4" } as const;

/** The fault level as its number and a word; the gravest stand out by weight. */
export function Level({ of }: { of: number | null }) {
  const { t } = useTranslation();
  if (of === null) return <strong>{t("triage.unclassified")}</strong>;
  const level = of as keyof typeof LEVEL;
  return (
    <span className={LEVEL[level]}>
      P{level} {t(`triage.level${level}`)}
    </span>
  );
}
