import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { dateTime, ownZone } from "../../lib/times";
import { Facts } from "../../ui/Facts";
import { useLabel } from "../labels";
import { Urgency } from "../Urgency";
import { useWarranty } from "../warranty";
import type { TicketDetails } from "./ticket";

/** What the customer said, and what was noted with it. */
export function About({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  const label = useLabel();
  const warranty = useWarranty(ticket.warranty);
  const zone = ticket.timezone && ticket.timezone !== ownZone ? ticket.timezone : null;
  return (
    <section className="panel" aria-labelledby="about">
      <h2 id="about">{t("ticket.about")}</h2>
      <Facts
        of={[
          [t("ticket.summary"), ticket.summary ?? t("ticket.erased")],
          [t("ticket.requirements"), ticket.requirements],
          [t("queue.kind"), label("ticket_kind", ticket.kind)],
          [t("queue.urgency"), <Urgency key="urgency" code={ticket.urgency} />],
          [t("queue.channel"), label("channel", ticket.channel)],
          [t("queue.region"), ticket.region],
          [t("queue.contract"), ticket.contract],
          [t("ticket.warranty"), warranty],
          [
            t("accounts.choose"),
            ticket.asset_id && <AboutAsset key="asset" id={ticket.asset_id} part={ticket.part_id} />,
          ],
          [t("ticket.opened"), dateTime(ticket.opened_at, ticket.timezone)],
          [t("ticket.zone"), zone],
          [t("ticket.duplicateOf"), ticket.duplicate_of && <Duplicate key="duplicate" of={ticket.duplicate_of} />],
        ]}
      />
    </section>
  );
}

function Duplicate({ of }: { of: string }) {
  const { t } = useTranslation();
  return (
    <Link to="/tickets/$ticketId" params={{ ticketId: of }}>
      {t("register.open")}
    </Link>
  );
}

function AboutAsset({ id, part }: { id: string; part: string | null }) {
  const { t } = useTranslation();
  return (
    <>
      <Link to="/devices/$assetId" params={{ assetId: id }}>
        {t("accounts.open")}
      </Link>
      {part && ` · ${part}`}
    </>
  );
}
