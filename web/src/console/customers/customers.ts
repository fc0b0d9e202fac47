import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, command, intake, tagged } from "../../lib/clients";
import { EVERY } from "../../lib/refresh";
import { usePages } from "../../lib/usePages";
import { changesOf, type Values } from "./contact";

type Schemas = components["schemas"];
export type CustomerItem = Schemas["CustomerContact"];
export type CustomerFile = Schemas["CustomerFile"];

export const MAY_SEE = ["agent", "manager"];

/** A customer's file as it was read, and the ETag by which a command says so. */
export interface Read {
  customer: CustomerFile;
  etag: string | null;
}

/** Whom to find: how the name begins, and a number or its last digits. */
export interface Wanted {
  name: string;
  phone: string;
}

const PAGE = 50;

/** Customers who fit; nobody is shown unasked, for every contact that is shown is recorded. */
export function useCustomers({ name, phone }: Wanted) {
  const query = { ...(name && { name }), ...(phone && { phone }), limit: PAGE };
  return usePages(["customers", "found", name, phone], (cursor) =>
    body(intake.GET("/v1/customers", { params: { query: { ...query, ...(cursor && { cursor }) } } })),
  );
}

export function useCustomer(id: string) {
  return useQuery({ queryKey: ["customers", "one", id], queryFn: () => readCustomer(id), refetchOnWindowFocus: false });
}

async function readCustomer(id: string): Promise<Read> {
  const params = { path: { customer_id: id } };
  const [customer, etag] = await tagged(intake.GET("/v1/customers/{customer_id}", { params }));
  return { customer, etag };
}

/** All their tickets, the newest first. */
export function useTicketsOf(customerId: string) {
  return usePages(
    ["tickets", "of", customerId, "all"],
    (cursor) => {
      const query = { customer_id: [customerId], limit: PAGE, ...(cursor && { cursor }) };
      return body(intake.GET("/v1/tickets", { params: { query } }));
    },
    EVERY,
  );
}

export function amend({ customer, etag }: Read, values: Values, key: string): Promise<unknown> {
  const params = { path: { customer_id: customer.id } };
  const sent = { params, headers: command(key, etag), body: changesOf(customer, values) };
  return body(intake.POST("/v1/customers/{customer_id}/amendment", sent));
}
