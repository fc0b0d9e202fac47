import { open, seal } from "../lib/seal";
import type { Command, Entry } from "./command";
import { database, type Engineer, STRICT } from "./database";
import { afterStep } from "./lanes";
import { snapshotOf, withOrder } from "./snapshot";

/** A person's commands that were not carried out yet, in their order. Another person's cannot be opened, or sent. */
export async function logOf({ subject, key }: Engineer): Promise<Entry[]> {
  const kept = [];
  const { store } = (await database).transaction("outbox");
  for await (const { primaryKey, value } of store.index("subject").iterate(subject))
    kept.push({ order: primaryKey, value });
  const log: Entry[] = [];
  for (const { order, value } of kept) {
    const command = await open<Command>(key, value);
    if (command) log.push({ order, command });
  }
  return log;
}

/** Throws where the phone has no room for it. */
export async function add({ subject, key }: Engineer, command: Command): Promise<void> {
  const sealed = { ...(await seal(key, command)), subject };
  const changes = (await database).transaction("outbox", "readwrite", STRICT);
  await Promise.all([changes.store.add(sealed), changes.done]);
}

/** The same place says something else: when it was sent, why it was refused, or what somebody made of it then. */
export async function change({ subject, key }: Engineer, { order, command }: Entry): Promise<void> {
  const sealed = { ...(await seal(key, command)), subject };
  const changes = (await database).transaction("outbox", "readwrite", STRICT);
  const stands = (await changes.store.getKey(order)) !== undefined;
  await Promise.all([stands && changes.store.put(sealed, order), changes.done]);
}

/** Somebody decided that it is not to be carried out. */
export async function drop({ order }: Entry): Promise<void> {
  await (await database).delete("outbox", order);
}

/** It was carried out: it leaves the log, and the snapshot has it, at once. */
export async function settle(engineer: Engineer, { order, command }: Entry): Promise<void> {
  const before = await snapshotOf(engineer);
  const after = before && withOrder(before, (each) => afterStep(each, command), command.work_order_id);
  const sealed = after && (await seal(engineer.key, after));
  const changes = (await database).transaction(["outbox", "snapshot"], "readwrite", STRICT);
  await Promise.all([
    changes.objectStore("outbox").delete(order),
    sealed && changes.objectStore("snapshot").put(sealed, engineer.subject),
    changes.done,
  ]);
}
