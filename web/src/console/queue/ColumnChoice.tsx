import { useTranslation } from "react-i18next";
import { Choices } from "../../ui/Choices";
import { COLUMNS, type ColumnName } from "./useChosenColumns";

interface ColumnChoiceProps {
  chosen: readonly ColumnName[];
  onChange: (chosen: ColumnName[]) => void;
}

/** Which columns the list has. */
export function ColumnChoice({ chosen, onChange }: ColumnChoiceProps) {
  const { t } = useTranslation();
  return (
    <details>
      <summary>{t("queue.columns")}</summary>
      <Choices
        label={t("queue.columns")}
        options={COLUMNS.map((value) => ({ value, label: t(`queue.${value}`) }))}
        value={chosen}
        onChange={onChange}
      />
    </details>
  );
}
