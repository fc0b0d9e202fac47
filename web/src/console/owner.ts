import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { body, command, commandKey, intake } from "../lib/clients";
import { hasRole, type Person } from "../lib/person";

/** A ticket as its owner is shown and changed. */
export interface Owned {
  id: string;
  number: string;
  status: string;
  owner_id: string | null;
  owner_name: string | null;
  is_mine: boolean;
}

export type OwnerAct = "claim" | "release" | "assign";

/** What a person may do about whose a ticket is; the service decides again. */
export function ownerActs(person: Person, ticket: Owned): OwnerAct[] {
  if (ticket.status === "closed" || ticket.status === "cancelled") return [];
  const manages = hasRole(person, ["manager"]);
  if (!manages && !hasRole(person, ["agent"])) return [];
  const claim = ticket.owner_id === null ? (["claim"] as const) : [];
  const release = ticket.is_mine || (manages && ticket.owner_id !== null) ? (["release"] as const) : [];
  return [...claim, ...release, ...(manages ? (["assign"] as const) : [])];
}

export interface Change {
  ticket: Owned;
  /** `me`, a pseudonym, or nobody. */
  owner: string | null;
}

/** Makes somebody the owner. The command names no version: the service refuses a claim of what somebody else has claimed. */
export function useOwner() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => makeOwner(change, commandKey()),
    onSettled: (_, __, { ticket }) => readAgain(queries, [ticket]),
  });
}

/** One command; sent again with the same key it is the same one. */
export function makeOwner({ ticket, owner }: Change, key: string): Promise<unknown> {
  const params = { path: { ticket_id: ticket.id } };
  const headers = command(key);
  return body(intake.POST("/v1/tickets/{ticket_id}/owner", { params, headers, body: { owner_id: owner } }));
}

/** Reads again what shows whose these tickets are. */
export async function readAgain(queries: QueryClient, tickets: readonly Owned[]): Promise<void> {
  const keys = [
    ["tickets"],
    ...tickets.flatMap(({ id }) => [
      ["ticket", id],
      ["history", id],
    ]),
  ];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** Whom a ticket can be given to. */
export function useColleagues() {
  return useQuery({ queryKey: ["owners"], queryFn: () => body(intake.GET("/v1/tickets/owners")) });
}
