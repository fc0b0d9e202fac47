import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Draft } from "../../lib/draft";
import { useNow } from "../../lib/now";
import { masked } from "../../lib/phone";
import { dateTime, duration } from "../../lib/times";
import type { Values } from "./form";

const MINUTE = 60_000;

interface DraftsProps {
  of: readonly Draft<Values>[];
  onResume: (draft: Draft<Values>) => void;
  onDiscard: (draft: Draft<Values>) => void;
}

/** Calls whose form was filled in and not sent, each to go on with. */
export function Drafts({ of, onResume, onDiscard }: DraftsProps) {
  const { t } = useTranslation();
  if (of.length === 0) return null;
  return (
    <section className="panel drafts" aria-labelledby="drafts">
      <h2 id="drafts">{t("register.drafts", { count: of.length })}</h2>
      <ul>
        {of.map((draft) => (
          <li key={draft.id}>
            <Named draft={draft} />
            <Button onClick={() => onResume(draft)}>{t("register.resume")}</Button>
            <Button onClick={() => onDiscard(draft)}>{t("register.discard")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Who called, what about, and how long ago that was. */
function Named({ draft }: { draft: Draft<Values> }) {
  const { t } = useTranslation();
  const { customer, summary } = draft.values;
  const phone = customer.phones[0]?.trim();
  const who = [customer.name.trim(), phone && masked(phone)].filter(Boolean).join(" ");
  return (
    <span>
      <strong>{who || t("register.nobody")}</strong> {summary.slice(0, 24)} <Ago at={draft.at} />
    </span>
  );
}

function Ago({ at }: { at: string }) {
  const { t } = useTranslation();
  const past = useNow(() => false) - Date.parse(at);
  return (
    <time dateTime={at} title={dateTime(at)}>
      {past < MINUTE ? t("register.justNow") : t("register.ago", { time: duration(past) })}
    </time>
  );
}
