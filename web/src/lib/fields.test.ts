import { expect, test } from "vitest";
import { fieldErrors, limitOf } from "./fields";

test("what a service says of a field belongs to the field of the form", () => {
  const errors = [{ field: "body.customer.phones.0", detail: "不是可拨打的电话号码" }];
  const problem = { status: 422, code: "invalid", title: "", detail: "", trace_id: "", errors };
  expect(fieldErrors(problem)).toEqual([{ name: ["customer", "phones", 0], errors: ["不是可拨打的电话号码"] }]);
});

test("what a rule of the domain says of a field belongs there, too", () => {
  const errors = [{ field: "body.terms[1].component_class", detail: "同一类别有两个条款" }];
  const problem = { status: 422, code: "contract-contradicts", title: "", detail: "", trace_id: "", errors };
  expect(fieldErrors(problem)[0]?.name).toEqual(["terms", 1, "component_class"]);
});

test("limits are the service's own", () => {
  expect(limitOf("NewTicket", "summary")).toEqual({ required: true, max: 4000 });
});
