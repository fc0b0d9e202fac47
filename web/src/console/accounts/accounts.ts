import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, intake, tagged } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";

export type Asset = components["schemas"]["AssetDetails"];
export type Contract = components["schemas"]["ContractDetails"];

/** An asset as it was read, and the ETag by which a command says so. */
export interface AssetRead {
  asset: Asset;
  etag: string | null;
}

export interface ContractRead {
  contract: Contract;
  etag: string | null;
}

export function useAsset(id: string) {
  return useQuery({
    queryKey: ["assets", "one", id],
    queryFn: async (): Promise<AssetRead> => {
      const params = { path: { asset_id: id } };
      const [asset, etag] = await tagged(intake.GET("/v1/assets/{asset_id}", { params }));
      return { asset, etag };
    },
    refetchInterval: EVERY,
  });
}

export function useContractsOf(customerId: string) {
  return useQuery({
    queryKey: ["contracts", "of", customerId],
    queryFn: () => body(intake.GET("/v1/contracts", { params: { query: { customer_id: [customerId], limit: 100 } } })),
    select: (page) => page.items,
    refetchInterval: EVERY,
  });
}

export function useContract(id: string) {
  return useQuery({
    queryKey: ["contracts", "one", id],
    queryFn: async (): Promise<ContractRead> => {
      const params = { path: { contract_id: id } };
      const [contract, etag] = await tagged(intake.GET("/v1/contracts/{contract_id}", { params }));
      return { contract, etag };
    },
    refetchInterval: EVERY,
  });
}

/** The contracts of these ids, by their numbers; none are asked for none. */
export function useContracts(ids: readonly string[]) {
  return useQuery({
    queryKey: ["contracts", "by id", ids],
    queryFn: () => body(intake.GET("/v1/contracts", { params: { query: { id: [...ids], limit: 100 } } })),
    select: (page) => page.items,
    enabled: ids.length > 0,
  });
}

/** What tickets are asked for by. */
export interface About {
  asset_id?: string[];
  customer_id?: string[];
  contract_id?: string[];
}

/** Tickets about an asset, of a customer, or under a contract, the newest first. */
export function useTicketsAbout(query: About) {
  return useQuery({
    queryKey: ["tickets", "about", query],
    queryFn: () => body(intake.GET("/v1/tickets", { params: { query: { ...query, limit: 50 } } })),
    select: (page) => page.items,
    refetchInterval: EVERY,
  });
}
