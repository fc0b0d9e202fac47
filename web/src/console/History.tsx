import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dateTime, timeOfDay } from "../lib/times";
import { Choices } from "../ui/Choices";
import { Empty } from "../ui/Empty";
import { Failure } from "../ui/Failure";
import { Loading } from "../ui/Loading";
import { type StoryItem, useHistory } from "./history";
import { codes, useLabel } from "./labels";
import { byDay, factsOf, isRecordedLater } from "./story";
import "./History.css";

interface OfTicket {
  id: string;
  zone: string | null;
}

/** 履历: one timeline of all services, by day in the site's time zone. */
export function History({ id, zone }: OfTicket) {
  const { t } = useTranslation();
  const history = useHistory(id);
  const [services, setServices] = useState<string[]>([]);
  const shown = history.rows?.filter((event) => services.length === 0 || services.includes(event.source));
  return (
    <section className="panel" aria-labelledby="history">
      <h2 id="history">{t("ticket.history")}</h2>
      <Sources value={services} onChange={setServices} />
      {history.error && <Failure error={history.error} onRetry={() => void history.refetch()} />}
      {history.isPending && <Loading lines={6} />}
      {shown?.length === 0 && <Empty>{t("ticket.noHistory")}</Empty>}
      {shown && <Timeline story={shown} zone={zone} />}
      {history.hasNextPage && <Button onClick={() => void history.fetchNextPage()}>{t("ticket.more")}</Button>}
    </section>
  );
}

function Sources({ value, onChange }: { value: string[]; onChange: (services: string[]) => void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const options = codes("service").map((code) => ({ value: code as string, label: label("service", code) }));
  return <Choices label={t("ticket.historyOf")} options={options} value={value} onChange={onChange} />;
}

function Timeline({ story, zone }: { story: StoryItem[]; zone: string | null }) {
  return (
    <ol className="timeline">
      {byDay(story, zone).map(([on, events]) => (
        <li key={on}>
          <h3>{on}</h3>
          <ol>
            {events.map((event) => (
              <Event key={event.id} event={event} zone={zone} />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}

function Event({ event, zone }: { event: StoryItem; zone: string | null }) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <li>
      <time dateTime={event.occurred_at}>{timeOfDay(event.occurred_at, zone)}</time>
      <span className="source">{label("service", event.source)}</span>
      <span>
        <strong>{label("event", event.type)}</strong> {factsOf(event, zone).join(" · ")}
        {event.actor_name && <small>{t("ticket.by", { name: event.actor_name })}</small>}
        {isRecordedLater(event) && (
          <small>{t("ticket.recordedLater", { at: dateTime(event.recorded_at, zone) })}</small>
        )}
      </span>
    </li>
  );
}
