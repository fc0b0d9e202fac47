import { useTranslation } from "react-i18next";
import { useLabel } from "../../lib/labels";
import { Notice } from "../../ui/Notice";
import { type Difference, differences } from "./differences";
import type { TicketDetails } from "./ticket";

/** What somebody else changed, field by field. */
export function Conflict({ before, after }: { before: TicketDetails; after: TicketDetails }) {
  const { t } = useTranslation();
  const changed = differences(before, after);
  const hint = changed.length > 0 ? t("ticket.changedHint") : t("ticket.changedElsewhere");
  return (
    <>
      <Notice kind="warning" title={t("ticket.changed")}>
        <div>{hint}</div>
      </Notice>
      {changed.length > 0 && <Table of={changed} />}
    </>
  );
}

function Table({ of }: { of: Difference[] }) {
  const { t } = useTranslation();
  return (
    <table className="difference">
      <thead>
        <tr>
          <td />
          <th scope="col">{t("ticket.before")}</th>
          <th scope="col">{t("ticket.after")}</th>
        </tr>
      </thead>
      <tbody>
        {of.map((each) => (
          <Row key={each.field} difference={each} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ difference: { field, vocabulary, before, after } }: { difference: Difference }) {
  const { t } = useTranslation();
  const label = useLabel();
  const said = (value: string) => (vocabulary ? label(vocabulary, value) : value);
  return (
    <tr>
      <th scope="row">{t(`ticket.field.${field}`)}</th>
      <td>{said(before)}</td>
      <td>{said(after)}</td>
    </tr>
  );
}
