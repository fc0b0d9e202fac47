import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Failure } from "../../ui/Failure";
import { Loading } from "../../ui/Loading";
import { History } from "../History";
import { About } from "./About";
import { Clocks } from "./Clocks";
import { CustomerPanel } from "./CustomerPanel";
import { Owner } from "./Owner";
import { Path } from "./Path";
import { type TicketDetails, useTicket } from "./ticket";
import { Visits } from "./Visits";
import "./ticket.css";

/** A ticket beside the list that it stands in; what else may be done with it is on its page. */
export function Beside({ id }: { id: string }) {
  const { data, error, isPending, refetch } = useTicket(id);
  return (
    <>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {isPending && <Loading lines={12} />}
      {data && <Content key={id} ticket={data.ticket} />}
    </>
  );
}

function Content({ ticket }: { ticket: TicketDetails }) {
  const { t } = useTranslation();
  return (
    <>
      <h2>
        <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
          {t("ticket.title", { number: ticket.number })}
        </Link>
      </h2>
      <Owner ticket={ticket} />
      <Path ticket={ticket} />
      <About ticket={ticket} />
      <Clocks id={ticket.id} zone={ticket.timezone} />
      <CustomerPanel ticket={ticket} />
      <Visits ticket={ticket} />
      <History id={ticket.id} zone={ticket.timezone} />
    </>
  );
}
