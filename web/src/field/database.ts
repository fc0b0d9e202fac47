import { type DBSchema, openDB } from "idb";
import type { Sealed } from "../lib/seal";
import type { Language } from "../lib/words";

/** Who works on this phone. */
export interface Engineer {
  subject: string;
  name: string;
  locale: Language | null;
  /** What is theirs is sealed with it; no script can read it, and it goes when they sign out. */
  key: CryptoKey;
}

/** What the phone keeps. Whose a command is stands there unsealed, and nothing else of it. */
interface Kept extends DBSchema {
  /** One at most, as "me". */
  engineer: { key: string; value: Engineer };
  /** Under each engineer's subject. */
  snapshot: { key: string; value: Sealed };
  /** In the order in which they were given. */
  outbox: { key: number; value: Sealed & { subject: string }; indexes: { subject: string } };
}

export const database = openDB<Kept>("aftercare-field", 1, {
  upgrade(made) {
    made.createObjectStore("engineer");
    made.createObjectStore("snapshot");
    made.createObjectStore("outbox", { autoIncrement: true }).createIndex("subject", "subject");
  },
});

/** A write is done once the disk has it. */
export const STRICT = { durability: "strict" } as const;
