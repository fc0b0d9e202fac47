import { useTranslation } from "react-i18next";
import type { Changed } from "../lib/differences";
import { Notice } from "./Notice";
import "./Conflict.css";

interface ConflictProps {
  title: string;
  changed: readonly Changed[];
  /** Said where nothing that the page shows has changed. */
  elsewhere: string;
}

/** What somebody else changed, field by field. */
export function Conflict({ title, changed, elsewhere }: ConflictProps) {
  const { t } = useTranslation();
  return (
    <>
      <Notice kind="warning" title={title}>
        <div>{changed.length > 0 ? t("act.changedHint") : elsewhere}</div>
      </Notice>
      {changed.length > 0 && <Table of={changed} />}
    </>
  );
}

function Table({ of }: { of: readonly Changed[] }) {
  const { t } = useTranslation();
  return (
    <table className="difference">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("act.before")}</th>
          <th scope="col">{t("act.after")}</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ name, before, after }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{before}</td>
            <td>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
