import limits from "../api/limits.gen.json";
import type { Problem } from "./problem";

/** Forms by their names: where two services have one of the same name, it is the chassis's, and the same. */
const forms = { ...limits.triage, ...limits.intake };
type Forms = typeof forms;
interface Limit {
  required?: boolean;
  max?: number;
}

/** What the service's own document says of a field of a form. */
export function limitOf<Form extends keyof Forms>(form: Form, field: keyof Forms[Form]): Limit {
  return forms[form][field] as Limit;
}

/** What the service said of fields, by the path of the form's field: `body.customer.phones.0` is `customer`, `phones`, 0. */
export function fieldErrors(problem: Problem | null): { name: (string | number)[]; errors: string[] }[] {
  return (problem?.errors ?? []).map(({ field, detail }) => ({
    name: field
      .replace(/^body\./, "")
      .replace(/\[(\d+)\]/g, ".$1")
      .split(".")
      .map(step),
    errors: [detail],
  }));
}

function step(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}
