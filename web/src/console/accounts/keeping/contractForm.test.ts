import { expect, test } from "vitest";
import type { Contract } from "../accounts";
import {
  amendment,
  BUDGET,
  blankAmendment,
  blankContract,
  CHANGE,
  newContract,
  PRICE,
  TERM,
  termValues,
} from "./contractForm";

const CONTRACT = {
  id: "k1",
  terms: [{ component_class: "pump", months: 12, start_rule: "card" }],
  conditions: { labour_cap: 1000, travel_free: true, entitlements: [{ service: "visit", times: 2, per: "year" }] },
} as unknown as Contract;

test("what was left empty is not said, months are numbers, and yuan become fen", () => {
  const blank = blankContract("");
  const term = { ...TERM, months: "24", latent_defect_months: "12" };
  const prices = [{ item: " 压缩机 ", unit: "台", price: "1200.5" }];
  const conditions = { ...blank.conditions, labour_cap: "10.50", travel_free: "no" as const, prices };
  const sent = newContract("c1", { ...blank, number: " HT-1 ", terms: [term], conditions });
  expect(sent).toEqual({
    customer_id: "c1",
    number: "HT-1",
    kind: "own",
    terms: [
      { component_class: "*", months: 24, start_rule: "acceptance", latent_defect_months: 12, replacement: "rest" },
    ],
    conditions: {
      labour_cap: 1050,
      travel_free: false,
      entitlements: [],
      prices: [{ item: "压缩机", unit: "台", price: 120_050 }],
      budget: [],
    },
  });
});

test("a price and a budget without an amount are not for free", () => {
  const blank = blankContract("");
  const conditions = { ...blank.conditions, prices: [PRICE], budget: [{ ...BUDGET, amount: "0" }] };
  const sent = newContract("c1", { ...blank, conditions }).conditions;
  expect(JSON.stringify([sent?.prices?.[0]?.price, sent?.budget?.[0]?.amount])).toBe("[null,0]");
});

test("an extension goes on from the contract that it extends", () => {
  const sent = newContract("c1", { ...blankContract("k1"), number: "HT-2" });
  expect([sent.kind, sent.extends, sent.terms[0]?.start_rule]).toEqual(["extension", "k1", "after_base"]);
});

test("an amendment says conditions only if they are others, and of a term that goes no more than its class", () => {
  const blank = blankAmendment(CONTRACT);
  const gone = { ...CHANGE, op: "remove" as const, component_class: "pump", months: "3" };
  expect(amendment(CONTRACT, { ...blank, changes: [gone] })).toEqual({
    changes: [{ op: "remove", component_class: "pump" }],
  });
  const conditions = { ...blank.conditions, entitlements: [] };
  expect(amendment(CONTRACT, { ...blank, changes: [], conditions }).conditions).toEqual({
    labour_cap: 1000,
    travel_free: true,
    entitlements: [],
    prices: [],
    budget: [],
  });
});

test("a price or an amount that was left empty is not said, rather than nought", () => {
  const { conditions, ...rest } = blankContract("");
  const [prices, budget] = [[{ ...PRICE, item: "压缩机" }], [{ ...BUDGET, item: "备件", amount: "0" }]];
  const sent = newContract("c1", { ...rest, conditions: { ...conditions, prices, budget } });
  expect(sent.conditions?.prices).toEqual([{ item: "压缩机", unit: "" }]);
  expect(sent.conditions?.budget).toEqual([{ item: "备件", amount: 0 }]);
});

test("a template's term is filled in as it stands", () => {
  const term = { component_class: "*", months: 24, start_rule: "date", start_date: "2026-01-05" } as const;
  const values = termValues({ ...term, latent_defect_months: 0, replacement: "rest" });
  expect(values).toMatchObject({ months: "24", start_date: "2026-01-05", replacement: "rest", shelf_years: "" });
});
