import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { body, command, intake } from "../../lib/clients";
import { useCommandKey } from "../../lib/command";
import { limitOf } from "../../lib/fields";
import { useWhileShown } from "../../lib/useWhileShown";
import { CommandDialog } from "../../ui/CommandDialog";
import { Failure } from "../../ui/Failure";
import type { TicketDetails } from "./ticket";

interface TeamDialogProps {
  ticket: TicketDetails;
  onClose: () => void;
}

/** Asks which team gets the ticket: one that has tickets already, or one that is named here first. */
export function TeamDialog({ ticket, onClose }: TeamDialogProps) {
  const { t } = useTranslation();
  const id = useId();
  const known = useTeams();
  const [team, setTeam] = useState(ticket.team ?? "");
  const give = useGive(ticket.id, onClose);
  return (
    <CommandDialog
      title={t("life.giveToTeam")}
      isPending={give.isPending}
      conflict={null}
      onConfirm={() => give.mutate(team.trim() || null)}
      onClose={onClose}
    >
      <label htmlFor={id}>{t("life.team")}</label>
      <Input
        id={id}
        autoFocus
        list={`${id}-known`}
        value={team}
        maxLength={limitOf("TeamChoice", "team").max}
        onChange={({ target }) => setTeam(target.value)}
      />
      <datalist id={`${id}-known`}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p>{t("life.teamHint")}</p>
      {give.error && <Failure error={give.error} />}
    </CommandDialog>
  );
}

/** The teams that have tickets. */
function useTeams(): string[] {
  const { data } = useQuery({
    queryKey: ["tickets", "team", {}],
    queryFn: () => body(intake.GET("/v1/tickets/counts", { params: { query: { group_by: "team" } } })),
  });
  return data?.items.flatMap(({ value }) => (value === null ? [] : [value])) ?? [];
}

function useGive(ticketId: string, onDone: () => void) {
  const queries = useQueryClient();
  const keyOf = useCommandKey();
  const done = useWhileShown(onDone);
  const params = { path: { ticket_id: ticketId } };
  return useMutation({
    mutationFn: (team: string | null) =>
      body(
        intake.POST("/v1/tickets/{ticket_id}/team", { params, headers: command(keyOf(team ?? "")), body: { team } }),
      ),
    onSuccess: done,
    onSettled: () => void queries.invalidateQueries(),
  });
}
