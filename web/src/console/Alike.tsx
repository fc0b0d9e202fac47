import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { shortTime } from "../lib/times";
import type { Candidate } from "./duplicates";
import { useLabel } from "./labels";
import "./Alike.css";

interface AlikeProps {
  ticket: Omit<Candidate, "likeness"> & Partial<Pick<Candidate, "likeness">>;
  children?: ReactNode;
}

/** A ticket that is, or may be, about the same matter as another: whose, what they said, and what the two share. */
export function Alike({ ticket, children }: AlikeProps) {
  const label = useLabel();
  const shares = ticket.likeness?.map((reason) => label("likeness", reason)).join(", ");
  return (
    <li>
      <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
        {ticket.number}
      </Link>{" "}
      {label("ticket_status", ticket.status)} · {shortTime(ticket.opened_at)}
      {ticket.customer?.name && ` · ${ticket.customer.name}`}
      {shares && ` · ${shares}`}
      {ticket.summary && <p className="quiet">{ticket.summary}</p>}
      {children}
    </li>
  );
}
