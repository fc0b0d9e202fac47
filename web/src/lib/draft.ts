import { type DBSchema, openDB } from "idb";
import type { Person } from "./person";
import { keyOf, open, type Sealed, seal } from "./seal";

/** Forms that were not sent yet, in this browser: of each only whose it is and how old stands there unsealed. */
interface Stored extends DBSchema {
  draft: { key: string; value: Sealed & { at: string } };
}

export interface Draft<Values> {
  id: string;
  values: Values;
  /** ISO instant. */
  at: string;
}

/** Milliseconds after which a draft is dropped, whosever it is: by then the caller has called again. */
const LIFE = 7 * 24 * 3_600_000;

const database = openDB<Stored>("aftercare", 2, {
  upgrade(made, before) {
    if (before > 0) made.deleteObjectStore("draft"); // drafts were not sealed in version 1
    made.createObjectStore("draft");
  },
});

/** The person's drafts of one form. They outlive a reload, the session and signing out; another person opens none. */
export function draftsOf<Values>({ subject, draft_key }: Person, form: string) {
  const key = keyOf(draft_key);
  const prefix = `${subject}/${form}/`;

  /** All of them, the newest first. */
  async function all(): Promise<Draft<Values>[]> {
    await sweep();
    const store = await database;
    const found: Draft<Values>[] = [];
    for (const name of await store.getAllKeys("draft", IDBKeyRange.bound(prefix, `${prefix}\uffff`))) {
      const stored = await store.get("draft", name);
      const values = stored && (await open<Values>(await key, stored));
      if (values) found.push({ id: name.slice(prefix.length), values, at: stored.at });
    }
    return found.sort((one, other) => other.at.localeCompare(one.at));
  }

  async function keep({ id, values, at }: Draft<Values>): Promise<void> {
    const sealed = await seal(await key, values);
    await (await database).put("draft", { ...sealed, at }, prefix + id);
  }

  async function drop(id: string): Promise<void> {
    await (await database).delete("draft", prefix + id);
  }

  return { all, keep, drop };
}

async function sweep(): Promise<void> {
  const since = new Date(Date.now() - LIFE).toISOString();
  const store = await database;
  for (const name of await store.getAllKeys("draft")) {
    const stored = await store.get("draft", name);
    if (stored && stored.at < since) await store.delete("draft", name);
  }
}
