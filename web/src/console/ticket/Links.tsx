import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { commandKey } from "../../lib/clients";
import { hasRole, usePerson } from "../../lib/person";
import { dateTime } from "../../lib/times";
import { Failure } from "../../ui/Failure";
import { useLabel } from "../labels";
import { LinkDialog } from "./LinkDialog";
import {
  type LinkItem,
  useCompletedVisit,
  useIssue,
  useLinks,
  useOpenCallback,
  usePlannedVisit,
  useRevoke,
} from "./links";
import type { TicketDetails } from "./ticket";

/** 客户链接: what the customer may open without signing in; made, shown once, and taken back. */
export function Links({ ticket }: { ticket: TicketDetails }) {
  return hasRole(usePerson(), ["agent", "manager"]) ? <Section ticket={ticket} /> : null;
}

function Section({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const { data, error, refetch } = useLinks(ticket.id);
  const callback = useOpenCallback(ticket.id).data;
  const visit = useCompletedVisit(ticket.id).data;
  const planned = usePlannedVisit(ticket.id).data;
  const issue = useIssue(ticket.id);
  return (
    <section className="panel" aria-labelledby="links">
      <h2 id="links">{t("links.title")}</h2>
      <p className="quiet">{t("links.hint")}</p>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <ul className="links">
        {data?.map((link) => (
          <Line key={link.id} link={link} ticket={ticket} />
        ))}
      </ul>
      <fieldset className="acts" aria-label={t("links.new")}>
        <Button
          size="small"
          loading={issue.isPending}
          onClick={() => issue.mutate({ wish: { purpose: "progress" }, key: commandKey() })}
        >
          {t("links.progress")}
        </Button>
        {planned && (
          <Button
            size="small"
            loading={issue.isPending}
            onClick={() => issue.mutate({ wish: { purpose: "appointment", object_id: planned.id }, key: commandKey() })}
          >
            {t("links.appointment")}
          </Button>
        )}
        {visit && (
          <Button
            size="small"
            loading={issue.isPending}
            onClick={() => issue.mutate({ wish: { purpose: "acceptance", object_id: visit.id }, key: commandKey() })}
          >
            {t("links.acceptance")}
          </Button>
        )}
        {callback && (
          <Button
            size="small"
            loading={issue.isPending}
            onClick={() => issue.mutate({ wish: { purpose: "rating", object_id: callback.id }, key: commandKey() })}
          >
            {t("links.rating")}
          </Button>
        )}
      </fieldset>
      {issue.error && <Failure error={issue.error} />}
      {issue.data && <LinkDialog address={issue.data} onClose={issue.reset} />}
    </section>
  );
}

function Line({ link, ticket }: { link: LinkItem; ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const revoke = useRevoke(ticket.id);
  return (
    <li>
      {label("link_purpose", link.purpose)} · {label("link_status", link.status)}
      {link.status === "open" && ` · ${t("links.until", { at: dateTime(link.expires_at, ticket.timezone) })}`}{" "}
      {link.status === "open" && (
        <Button size="small" loading={revoke.isPending} onClick={() => revoke.mutate(link.id)}>
          {t("links.revoke")}
        </Button>
      )}
      {revoke.error && <Failure error={revoke.error} />}
    </li>
  );
}
