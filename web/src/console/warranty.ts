import type { components } from "../api/intake.gen";
import { useLabel } from "./labels";

/** A verdict on the warranty in words, with its reasons. */
export function useWarranty({ verdict, reasons }: components["schemas"]["TicketDetails"]["warranty"]): string {
  const label = useLabel();
  return [label("verdict", verdict), ...reasons.map((reason) => label("warranty_reason", reason))].join(" · ");
}
