import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { body, intake } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { codes } from "../labels";

/** Milliseconds without a keystroke after which a number is looked up: every contact that is shown is recorded. */
const PAUSE = 500;
/** Customers of one number that are shown; more are no choice. */
const MOST = 6;

const OPEN = codes("ticket_status").filter((status) => status !== "closed" && status !== "cancelled");

/** Customers on file who have this number, if it is complete. */
export function useCustomers(digits: string) {
  const phone = useSettled(digits);
  return useQuery({
    queryKey: ["customers", "phone", phone],
    queryFn: () => body(intake.GET("/v1/customers", { params: { query: { phone, limit: MOST } } })),
    enabled: phone !== "" && phone === digits,
  });
}

/** Their tickets that are not at an end, the newest first. */
export function useOpenTickets(customerId: string) {
  const query = { customer_id: [customerId], status: OPEN, limit: 10 };
  return useQuery({
    queryKey: ["tickets", "of", customerId],
    queryFn: () => body(intake.GET("/v1/tickets", { params: { query } })),
    refetchInterval: EVERY,
  });
}

/** The value once nobody has typed for a moment. */
export function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
