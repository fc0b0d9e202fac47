import { useTranslation } from "react-i18next";
import { Choices } from "../../../ui/Choices";
import { type Filters, SUBJECTS } from "../filters";
import { useEngineerNames } from "../tickets";

interface SubjectsProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** The devices, contracts, customers and engineers whose tickets are shown: each can be let go. */
export function Subjects({ filters, onChange }: SubjectsProps) {
  const { t } = useTranslation();
  const names = useEngineerNames();
  return SUBJECTS.map((name) => {
    const ids = filters[name] ?? [];
    if (ids.length === 0) return null;
    const options = ids.map((value, index) => ({
      value,
      label: names.get(value) ?? (ids.length > 1 ? `${t("filters.this")} ${index + 1}` : t("filters.this")),
    }));
    return (
      <Choices<string>
        key={name}
        label={t(`filters.${name}`)}
        options={options}
        value={ids}
        onChange={(left) => onChange({ ...filters, [name]: left })}
      />
    );
  });
}
