import { expect, test } from "vitest";
import { differences, type Field, fieldsOf } from "./differences";

interface Engineer {
  region: string;
}

const REGION: Field<Engineer> = ["region", ({ region }) => region];
const fields = fieldsOf((read: { engineer: Engineer | null }) => read.engineer, [REGION]);

test("the fields of a part tell two readings of the whole apart", () => {
  const changed = differences(fields, { engineer: { region: "North" } }, { engineer: { region: "East" } });
  expect(changed).toEqual([{ name: "region", before: "North", after: "East" }]);
});

test("where there is no such part its fields read as nothing", () => {
  expect(differences(fields, { engineer: null }, { engineer: null })).toEqual([]);
  const [found] = differences(fields, { engineer: null }, { engineer: { region: "East" } });
  expect(found?.before).toBe("–");
});
