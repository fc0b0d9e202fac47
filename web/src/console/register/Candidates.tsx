import { Form } from "antd";
import { useTranslation } from "react-i18next";
import { digitsOf } from "../../lib/phone";
import { Alike } from "../Alike";
import { type Candidate, type Matter, useCandidates } from "../duplicates";
import { useSettled } from "./customers";
import type { Values } from "./form";

/** So much of a field is looked for. */
const MOST = 200;

/** What the form says so far, to be looked for among open tickets. Words alone are of too many. */
function matterOf({ customer_id, asset_id, customer, summary }: Values): Matter | null {
  const phone = digitsOf(customer?.phones?.[0] ?? "");
  const said = { customer_id, asset_id, ...(customer_id ? {} : { phone, address: part(customer?.address) }) };
  const known = Object.fromEntries(Object.entries(said).filter(([, value]) => value));
  if (Object.keys(known).length === 0) return null;
  return summary?.trim() ? { ...known, summary: part(summary) } : known;
}

function part(text: string | undefined): string {
  return (text ?? "").trim().slice(0, MOST).trim();
}

/** What the callers' own open tickets, which stand beside their names, do not show. */
function isElsewhere({ likeness }: Candidate): boolean {
  return likeness.some((reason) => reason === "asset" || reason === "address" || reason === "words");
}

/** Open tickets that may be about the same matter, while the form is filled in. */
export function Candidates() {
  const { t } = useTranslation();
  const form = Form.useFormInstance<Values>();
  const values: Values | undefined = Form.useWatch([], { form, preserve: true });
  const written = JSON.stringify(values ? matterOf(values) : null);
  const settled = useSettled(written);
  const { data } = useCandidates(settled === written ? JSON.parse(settled) : null);
  const items = data?.items.filter(isElsewhere) ?? [];
  if (items.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="candidates">
      <h2 id="candidates">{t("merging.title")}</h2>
      <p role="status">{t("merging.perhaps", { count: items.length })}</p>
      <ul className="alike">
        {items.map((ticket) => (
          <Alike key={ticket.id} ticket={ticket} />
        ))}
      </ul>
    </section>
  );
}
