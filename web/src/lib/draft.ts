import { type DBSchema, openDB } from "idb";

/** Forms that were not sent yet, in this browser: by person and form, so that one never sees another's. */
interface Drafts extends DBSchema {
  draft: { key: string; value: Draft };
}

export interface Draft<Values = unknown> {
  values: Values;
  /** ISO instant. */
  at: string;
}

const database = openDB<Drafts>("aftercare", 1, {
  upgrade(made) {
    made.createObjectStore("draft");
  },
});

export async function readDraft<Values>(key: string): Promise<Draft<Values> | undefined> {
  return (await (await database).get("draft", key)) as Draft<Values> | undefined;
}

export async function keepDraft(key: string, values: unknown): Promise<void> {
  await (await database).put("draft", { values, at: new Date().toISOString() }, key);
}

export async function dropDraft(key: string): Promise<void> {
  await (await database).delete("draft", key);
}
