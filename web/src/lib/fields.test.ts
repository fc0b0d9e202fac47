import { expect, test } from "vitest";
import { fieldErrors, limitOf } from "./fields";

test("what a service says of a field belongs to the field of the form", () => {
  const errors = [{ field: "body.customer.phones.0", detail: "不是可拨打的电话号码" }];
  const problem = { status: 422, code: "invalid", title: "", detail: "", trace_id: "", errors };
  expect(fieldErrors(problem)).toEqual([{ name: ["customer", "phones", 0], errors: ["不是可拨打的电话号码"] }]);
});

test("limits are the service's own", () => {
  expect(limitOf("NewTicket", "summary")).toEqual({ required: true, max: 4000 });
});
