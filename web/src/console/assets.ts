import { useQuery } from "@tanstack/react-query";
import type { components, operations } from "../api/intake.gen";
import { body, intake } from "../lib/clients";
import { EVERY } from "../lib/refresh";

export type Warranty = components["schemas"]["AssetWarranty"];
type Asked = NonNullable<operations["get_warranty"]["parameters"]["query"]>;

/** What is asked of the warranty beside the asset; what is left out is not known. */
export type Question = Pick<Asked, "component" | "on" | "cause">;

/** What a customer owns, put on file last first. */
export function useAssetsOf(customerId: string) {
  return useQuery({
    queryKey: ["assets", "of", customerId],
    queryFn: () => body(intake.GET("/v1/assets", { params: { query: { customer_id: [customerId], limit: 100 } } })),
    select: (page) => page.items,
    enabled: customerId !== "",
    refetchInterval: EVERY,
  });
}

/** What the warranty says; stale as soon as the asset or a contract is. */
export function useWarrantyOf(assetId: string, question: Question) {
  return useQuery({
    queryKey: ["assets", "warranty", assetId, question],
    queryFn: () =>
      body(
        intake.GET("/v1/assets/{asset_id}/warranty", {
          params: { path: { asset_id: assetId }, query: question },
        }),
      ),
    enabled: assetId !== "",
  });
}
