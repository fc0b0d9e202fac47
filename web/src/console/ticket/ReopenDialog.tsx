import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { isProblem } from "../../lib/problem";
import { ReasonDialog } from "./ReasonDialog";

interface ReopenDialogProps {
  ticketId: string;
  onClose: () => void;
}

/** Asks why a closed ticket goes on, and lets it; where it is too late for that, a new one is offered. */
export function ReopenDialog({ ticketId, onClose }: ReopenDialogProps) {
  const { t } = useTranslation();
  const params = { path: { ticket_id: ticketId } };
  function send(reason: string, key: string): Promise<unknown> {
    const headers = command(key);
    return body(intake.POST("/v1/tickets/{ticket_id}/reopening", { params, headers, body: { reason } }));
  }
  return (
    <ReasonDialog
      title={t("life.reopen")}
      label={t("life.why")}
      form="Reopening"
      send={send}
      onClose={onClose}
      onward={(error) =>
        isProblem(error, "reopening-over") && (
          <Link to="/register" search={{ follows: ticketId }}>
            {t("life.follow")}
          </Link>
        )
      }
    />
  );
}
