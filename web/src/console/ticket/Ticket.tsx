import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFocusOnTitle } from "../../lib/useFocusOnTitle";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { History } from "../History";
import { About } from "./About";
import { Acts } from "./Acts";
import { Amending } from "./Amending";
import { Clocks } from "./Clocks";
import { CustomerPanel } from "./CustomerPanel";
import { Duplicates } from "./Duplicates";
import { Links } from "./Links";
import { Notes } from "./Notes";
import { Owner } from "./Owner";
import { Path } from "./Path";
import { Papers } from "./papers/Papers";
import { Reopening } from "./Reopening";
import { Team } from "./Team";
import { type Read, useTicket } from "./ticket";
import { Visits } from "./Visits";
import { Waiting } from "./Waiting";
import "./ticket.css";

const route = getRouteApi("/tickets/$ticketId");

/** 工单详情: what it is about, how far it is, its clocks, and what happened. */
export function Ticket() {
  const { t } = useTranslation();
  const { ticketId } = route.useParams();
  const { data, error, isPending, refetch } = useTicket(ticketId);
  return (
    <div className="page">
      <Link to="/tickets">{t("ticket.back")}</Link>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={ticketId} read={data} />}
    </div>
  );
}

function Content({ read }: { read: Read }) {
  const { t } = useTranslation();
  const { ticket } = read;
  useFocusOnTitle(ticket.version);
  return (
    <>
      <div className="page-head">
        <h1>{t("ticket.title", { number: ticket.number })}</h1>
        <Acts read={read} />
        <Amending ticket={ticket} />
        <Papers ticketId={ticket.id} />
      </div>
      <Reopening ticket={ticket} />
      <div className="ticket-whose">
        <Owner ticket={ticket} />
        <Team ticket={ticket} />
        <Waiting ticket={ticket} />
      </div>
      <Path ticket={ticket} />
      <div className="ticket">
        <About ticket={ticket} />
        <div className="rail">
          <Clocks id={ticket.id} zone={ticket.timezone} />
          <CustomerPanel ticket={ticket} />
          <Duplicates read={read} />
          <Visits ticket={ticket} />
          <Links ticket={ticket} />
        </div>
        <div className="told">
          <Notes ticket={ticket} />
          <History id={ticket.id} zone={ticket.timezone} />
        </div>
      </div>
    </>
  );
}
