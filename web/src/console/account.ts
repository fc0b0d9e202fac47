import { useQuery } from "@tanstack/react-query";
import type { components } from "../api/intake.gen";
import { intake, tagged } from "../lib/clients";

export type Account = components["schemas"]["CustomerAccount"];

/** A customer's people and sites as they were read, and the ETag by which a command says so; null: there is none yet. */
export interface AccountRead {
  account: Account;
  etag: string | null;
}

/** Read once, and after a change: every look is recorded. */
export function useAccount(customerId: string) {
  return useQuery({
    queryKey: ["customers", "account", customerId],
    queryFn: async (): Promise<AccountRead> => {
      const params = { path: { customer_id: customerId } };
      const [account, etag] = await tagged(intake.GET("/v1/customers/{customer_id}/account", { params }));
      return { account, etag };
    },
    enabled: customerId !== "",
    refetchOnWindowFocus: false,
  });
}
