import type { Person } from "../lib/person";
import { keyOf } from "../lib/seal";
import { database, type Engineer, STRICT } from "./database";
import { logOf } from "./outbox";

const ME = "me";

/** Who signed in here and has not signed out, whether or not the session still stands. */
export async function remembered(): Promise<Engineer | undefined> {
  return (await database).get("engineer", ME);
}

/**
 * From now on the phone is this person's. Who comes back keeps the key that their log is sealed with; of anybody else
 * before, the key and the snapshot go, and the log waits until they sign in again.
 */
export async function remember({ subject, name, locale, draft_key }: Person): Promise<Engineer> {
  const fresh = await keyOf(draft_key);
  const changes = (await database).transaction(["engineer", "snapshot"], "readwrite", STRICT);
  const before = await changes.objectStore("engineer").get(ME);
  const engineer = { subject, name, locale, key: before?.subject === subject ? before.key : fresh };
  const another = before && before.subject !== subject;
  await Promise.all([
    another && changes.objectStore("snapshot").delete(before.subject),
    changes.objectStore("engineer").put(engineer, ME),
    changes.done,
  ]);
  return engineer;
}

/** Wipes what the phone keeps of a person, unless a command of theirs was not sent yet: whether it did. */
export async function forget(engineer: Engineer): Promise<boolean> {
  const { subject } = engineer;
  const before = await (await database).getAllKeysFromIndex("outbox", "subject", subject);
  if ((await logOf(engineer)).length > 0) return false;
  const changes = (await database).transaction(["engineer", "snapshot", "outbox"], "readwrite", STRICT);
  const outbox = changes.objectStore("outbox");
  // What is there and cannot be opened was sealed with a key that is no more; what came meanwhile is another tab's.
  const sealed = await outbox.index("subject").getAllKeys(subject);
  const isEmpty = sealed.every((order) => before.includes(order));
  await Promise.all([
    ...(isEmpty ? sealed : []).map((order) => outbox.delete(order)),
    isEmpty && changes.objectStore("engineer").delete(ME),
    isEmpty && changes.objectStore("snapshot").delete(subject),
    changes.done,
  ]);
  return isEmpty;
}
