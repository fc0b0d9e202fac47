import { useQuery } from "@tanstack/react-query";
import type { components as Dispatch } from "../../api/dispatch.gen";
import type { components as Intake } from "../../api/intake.gen";
import { body, dispatch, intake, sla } from "../../lib/clients";
import { allOf } from "../../lib/pages";
import { asOf, orNull, ticketOf } from "./audit";
import type { RecordKind } from "./kinds";
import { isOf } from "./search";

export type RecordEvent = Intake["schemas"]["RecordEvent"];
export type Contract = Intake["schemas"]["ContractDetails"];
export type Asset = Intake["schemas"]["AssetDetails"];
export type Model = Intake["schemas"]["ModelDetails"];
export type WorkOrder = Dispatch["schemas"]["WorkOrderSheet"];

/** A record as its service knew it at an instant; of the others, what became of them says all. */
export type Sheet =
  | { kind: "work_order"; of: WorkOrder }
  | { kind: "contract"; of: Contract }
  | { kind: "asset"; of: Asset }
  | { kind: "model"; of: Model };

const MOST = 200;

/** The id of the record that these words name: its id, or what people call it by; null: there is none. */
export async function idOf(kind: RecordKind, words: string): Promise<string | null> {
  if (isOf(kind, words)) return words;
  if (kind === "work_order") return lastVisitOf(words);
  if (kind === "contract") return first(body(intake.GET("/v1/contracts", { params: { query: { number: [words] } } })));
  if (kind === "asset") return assetOf(words);
  if (kind === "model") return modelOf(words);
  return null;
}

async function lastVisitOf(number: string): Promise<string | null> {
  const ticket = await ticketOf(number);
  if (ticket === null) return null;
  return first(body(dispatch.GET("/v1/work-orders", { params: { query: { ticket_id: [ticket] } } })));
}

/** The one whose serial or card number this is: others' may only begin so. */
async function assetOf(number: string): Promise<string | null> {
  const { items } = await body(intake.GET("/v1/assets", { params: { query: { begins: number, limit: MOST } } }));
  const isWhole = (one: string | null) => one?.toLowerCase() === number.toLowerCase();
  return items.find(({ serial, card_number }) => isWhole(serial) || isWhole(card_number))?.id ?? null;
}

/** The one of this name, whatever its case: others' may only begin so. */
async function modelOf(name: string): Promise<string | null> {
  const { items } = await body(intake.GET("/v1/models", { params: { query: { begins: name, limit: MOST } } }));
  return items.find((model) => model.name.toLowerCase() === name.toLowerCase())?.id ?? null;
}

async function first(page: Promise<{ items: { id: string }[] }>): Promise<string | null> {
  return (await page).items[0]?.id ?? null;
}

/** All that became of it by now. */
export function useEvents(kind: RecordKind, id: string) {
  return useQuery({
    queryKey: ["audit", "record", kind, id],
    queryFn: () => allOf((cursor) => eventsOf(kind, id, { limit: MOST, ...(cursor && { cursor }) })),
  });
}

function eventsOf(kind: RecordKind, id: string, query: { limit: number; cursor?: string }) {
  switch (kind) {
    case "work_order":
      return body(
        dispatch.GET("/v1/work-orders/{work_order_id}/events", { params: { path: { work_order_id: id }, query } }),
      );
    case "customer":
      return body(intake.GET("/v1/customers/{customer_id}/events", { params: { path: { customer_id: id }, query } }));
    case "contract":
      return body(intake.GET("/v1/contracts/{contract_id}/events", { params: { path: { contract_id: id }, query } }));
    case "asset":
      return body(intake.GET("/v1/assets/{asset_id}/events", { params: { path: { asset_id: id }, query } }));
    case "model":
      return body(intake.GET("/v1/models/{model_id}/events", { params: { path: { model_id: id }, query } }));
    case "policy":
      return body(sla.GET("/v1/policies/{policy_id}/events", { params: { path: { policy_id: id }, query } }));
    case "calendar":
      return body(sla.GET("/v1/calendars/{calendar_id}/events", { params: { path: { calendar_id: id }, query } }));
  }
}

/** Null where there was nothing yet, and of what has no sheet. */
export function useSheet(kind: RecordKind, id: string, at: string | undefined) {
  return useQuery({
    queryKey: ["audit", "sheet", kind, id, at ?? "now"],
    queryFn: () => sheetOf(kind, id, at),
    placeholderData: (before) => before,
  });
}

async function sheetOf(kind: RecordKind, id: string, at: string | undefined): Promise<Sheet | null> {
  const query = asOf(at);
  if (kind === "work_order") {
    const params = { path: { work_order_id: id }, query };
    const of = await orNull(body(dispatch.GET("/v1/work-orders/{work_order_id}", { params })));
    return of && { kind, of };
  }
  if (kind === "contract") {
    const params = { path: { contract_id: id }, query };
    const of = await orNull(body(intake.GET("/v1/contracts/{contract_id}", { params })));
    return of && { kind, of };
  }
  if (kind === "asset") {
    const of = await orNull(body(intake.GET("/v1/assets/{asset_id}", { params: { path: { asset_id: id }, query } })));
    return of && { kind, of };
  }
  if (kind === "model") {
    const of = await orNull(body(intake.GET("/v1/models/{model_id}", { params: { path: { model_id: id }, query } })));
    return of && { kind, of };
  }
  return null;
}
