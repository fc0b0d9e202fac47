import { Button, Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { limitOf } from "../../lib/fields";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { SnippetMenu } from "../SnippetMenu";
import { MAY_ACT } from "./acts";
import { type Use, useNotes, useWrite, type Written } from "./notes";
import type { Status } from "./path";
import type { TicketDetails } from "./ticket";

const WRITERS = [...MAY_ACT, "triage", "dispatcher"];
/** Before anybody was sent: then an answer may be all that a ticket needs. */
const ANSWERABLE: readonly Status[] = ["open", "in_triage", "repaired"];

/** 备注: what colleagues wrote about the ticket, and what the customer was told. */
export function Notes({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { data, error, refetch } = useNotes(ticket.id);
  return (
    <section className="panel" aria-labelledby="notes">
      <h2 id="notes">{t("notes.title")}</h2>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {hasRole(usePerson(), WRITERS) && <Writing ticket={ticket} />}
      <ul className="notes">
        {data?.map((note) => (
          <li key={note.id}>
            {note.text ?? t("ticket.erased")}
            <p className="quiet">
              {label("note_audience", note.audience)} · {dateTime(note.occurred_at, ticket.timezone)}
              {note.actor_name && ` · ${note.actor_name}`}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Writing({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const id = useId();
  const [written, setWritten] = useState<Written>({ text: "", nth: 0 });
  // What was typed meanwhile stays.
  const write = useWrite(ticket.id, ({ text, nth }) =>
    setWritten((now) => ({ text: now.text === text ? "" : now.text, nth: nth + 1 })),
  );
  const maySettle = hasRole(usePerson(), MAY_ACT) && ANSWERABLE.includes(ticket.status);
  const uses: Use[] = ["internal", "customer", ...(maySettle ? (["answer"] as const) : [])];
  return (
    <>
      <label htmlFor={id}>{t("notes.text")}</label>
      <Input.TextArea
        id={id}
        value={written.text}
        maxLength={limitOf("Note", "text").max}
        autoSize={{ minRows: 2, maxRows: 8 }}
        onChange={({ target }) => setWritten((now) => ({ ...now, text: target.value }))}
      />
      <SnippetMenu
        field={id}
        use="note"
        kind={ticket.kind}
        onWrite={(text) => setWritten((now) => ({ ...now, text }))}
      />
      <div className="acts">
        {uses.map((use) => (
          <Button
            key={use}
            size="small"
            disabled={!written.text.trim()}
            onClick={() => write.mutate({ ...written, use })}
          >
            {t(`notes.${use}`)}
          </Button>
        ))}
      </div>
      {write.error && <Failure error={write.error} />}
    </>
  );
}
