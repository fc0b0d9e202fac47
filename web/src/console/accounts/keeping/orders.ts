import { useQuery } from "@tanstack/react-query";
import { body, command, intake } from "../../../lib/clients";
import type { AssetRead, ContractRead } from "../accounts";
import {
  type AssetValues,
  type DaysValues,
  newAsset,
  type PartValues,
  partOf,
  type SiteValues,
  siteOf,
} from "./assetForm";
import { type AmendmentValues, amendment, type ContractValues, newContract } from "./contractForm";
import { given, happened } from "./given";

export const KEEP_CONTRACTS = ["manager"];
export const KEEP_ASSETS = ["agent", "manager"];

/** The terms of each plan that states a length of warranty. */
export function useTemplates() {
  return useQuery({
    queryKey: ["contract-templates"],
    queryFn: () => body(intake.GET("/v1/contract-templates")),
    select: ({ items }) => items,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function sign(customerId: string, values: ContractValues, key: string): Promise<{ id: string }> {
  return body(intake.POST("/v1/contracts", { headers: command(key), body: newContract(customerId, values) }));
}

export function amend({ contract, etag }: ContractRead, values: AmendmentValues, key: string): Promise<unknown> {
  const sent = { params: { path: { contract_id: contract.id } }, headers: command(key, etag) };
  return body(intake.POST("/v1/contracts/{contract_id}/amendments", { ...sent, body: amendment(contract, values) }));
}

/** On which day something happened, and why. */
export interface EndValues {
  occurred_at: string;
  reason: string;
}

export function end({ contract, etag }: ContractRead, { occurred_at, reason }: EndValues, key: string) {
  const sent = { params: { path: { contract_id: contract.id } }, headers: command(key, etag) };
  const said = { ...happened(occurred_at), ...given({ reason }) };
  return body(intake.POST("/v1/contracts/{contract_id}/end", { ...sent, body: said }));
}

export function install(customerId: string, values: AssetValues, key: string): Promise<{ id: string }> {
  return body(intake.POST("/v1/assets", { headers: command(key), body: newAsset(customerId, values) }));
}

function on({ asset, etag }: AssetRead, key: string) {
  return { params: { path: { asset_id: asset.id } }, headers: command(key, etag) };
}

export function date(read: AssetRead, days: DaysValues, key: string): Promise<unknown> {
  return body(intake.POST("/v1/assets/{asset_id}/days", { ...on(read, key), body: given({ ...days }) }));
}

/** On which day the owner got a card, and its number if it has one already. */
export interface CardValues {
  occurred_at: string;
  number: string;
}

export function issue(read: AssetRead, { occurred_at, number }: CardValues, key: string): Promise<unknown> {
  const said = { ...happened(occurred_at), ...given({ number }) };
  return body(intake.POST("/v1/assets/{asset_id}/warranty-card", { ...on(read, key), body: said }));
}

export function cover(read: AssetRead, { contract_id }: { contract_id: string }, key: string): Promise<unknown> {
  return body(intake.POST("/v1/assets/{asset_id}/contracts", { ...on(read, key), body: { contract_id } }));
}

export interface MoveValues {
  occurred_at: string;
  site: SiteValues;
}

export function move(read: AssetRead, { occurred_at, site }: MoveValues, key: string): Promise<unknown> {
  const said = { ...happened(occurred_at), site: siteOf(site) };
  return body(intake.POST("/v1/assets/{asset_id}/moves", { ...on(read, key), body: said }));
}

export interface ReplacementValues {
  part_id: string;
  taken_out_on: string;
  by: PartValues;
}

/** Nothing was put in where the new component has no name. */
export function replace(read: AssetRead, { part_id, taken_out_on, by }: ReplacementValues, key: string) {
  const said = { part_id, taken_out_on, ...(by.id.trim() && { by: partOf({ ...by, kind: "replacement" }) }) };
  return body(intake.POST("/v1/assets/{asset_id}/replacements", { ...on(read, key), body: said }));
}

export function expand(read: AssetRead, { part }: { part: PartValues }, key: string): Promise<unknown> {
  return body(intake.POST("/v1/assets/{asset_id}/parts", { ...on(read, key), body: { part: partOf(part) } }));
}

/** Which spare is in use, since when, and what was taken out for it; none: nothing was. */
export interface UseValues {
  part_id: string;
  used_on: string;
  replaces: string;
}

export function use(read: AssetRead, { part_id, used_on, replaces }: UseValues, key: string): Promise<unknown> {
  const said = { part_id, used_on, ...given({ replaces }) };
  return body(intake.POST("/v1/assets/{asset_id}/spare-uses", { ...on(read, key), body: said }));
}

export function retire(read: AssetRead, { occurred_at }: { occurred_at: string }, key: string): Promise<unknown> {
  return body(intake.POST("/v1/assets/{asset_id}/retirement", { ...on(read, key), body: happened(occurred_at) }));
}
