import { expect, test } from "vitest";
import { BLANK, isBlank, newTicket, onFile } from "./form";

const WANG = {
  id: "0190b5e0-0000-7000-8000-000000000001",
  name: "王芳",
  phones: [{ typed: "138 0000 0000", e164: "+8613800000000", extension: null }],
  address: null,
};

test("a new customer is told with the ticket, one on file by the id alone", () => {
  const { customer_id, customer } = newTicket({ ...BLANK, summary: "空调不制冷" });
  expect([customer_id, customer]).toEqual([undefined, BLANK.customer]);
  const known = newTicket({ ...BLANK, ...onFile(WANG), summary: "空调不制冷" });
  expect([known.customer_id, known.customer]).toEqual([WANG.id, undefined]);
});

test("an asset is told with its customer's ticket, and with nobody else's", () => {
  expect(newTicket({ ...BLANK, ...onFile(WANG), asset_id: "a1" }).asset_id).toBe("a1");
  expect(newTicket({ ...BLANK, asset_id: "a1" })).not.toHaveProperty("asset_id");
});

test("what was left empty is not said", () => {
  expect(newTicket({ ...BLANK, region: "  " })).not.toHaveProperty("region");
});

test("another urgency alone is no draft, a digit is one", () => {
  expect(isBlank({ ...BLANK, urgency: "high" })).toBe(true);
  expect(isBlank({ ...BLANK, customer: { ...BLANK.customer, phones: ["1"] } })).toBe(false);
});
