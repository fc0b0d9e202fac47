import { createContext, useContext, useSyncExternalStore } from "react";
import { commandKey, dispatch } from "../lib/clients";
import { signedIn } from "../lib/person";
import { type Problem, problemOf } from "../lib/problem";
import type { Act } from "../lib/visitSteps";
import type { Command, Entry } from "./command";
import type { Engineer } from "./database";
import { forget, remember } from "./engineer";
import { add, change, drop, logOf } from "./outbox";
import { readSnapshot } from "./reading";
import { drain } from "./sender";
import { keep, type Snapshot, snapshotOf } from "./snapshot";

/** Whether the services answer this person: `expired` is a session that is over. */
type Link = "unknown" | "online" | "offline" | "expired";

export interface State {
  engineer: Engineer;
  snapshot: Snapshot | null;
  log: Entry[];
  link: Link;
  /** Why the visits could not be read, where a service says so. */
  problem: Problem | null;
}

const NAME = "aftercare-field";
const EVERY = 60_000;
/** Milliseconds until what was put off is tried again, longer each time. */
const PAUSES = [2000, 5000, 15_000, 30_000];

/** The phone at work: what it keeps is shown as it stands, and brought together with the services whenever they answer. */
export class Phone {
  #state: State;
  readonly #watchers = new Set<() => void>();
  readonly #channel = new BroadcastChannel(NAME);
  #failures = 0;
  #isAsked = false;
  /** They signed out: nothing is kept any more. */
  #isOver = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  private constructor(state: State) {
    this.#state = state;
  }

  /** With what the phone keeps of this person. */
  static async of(engineer: Engineer): Promise<Phone> {
    const [snapshot, log] = await Promise.all([snapshotOf(engineer), logOf(engineer)]);
    return new Phone({ engineer, snapshot, log, link: "unknown", problem: null });
  }

  /** From now on it sends and reads by itself. */
  begin(): void {
    this.#channel.onmessage = ({ data }) => (data === "left" ? this.#end() : void this.#show());
    addEventListener("online", () => this.sync());
    addEventListener("offline", () => this.#set({ link: "offline" }));
    addEventListener("focus", () => this.sync());
    setInterval(() => this.sync(), EVERY);
    this.sync();
  }

  readonly state = (): State => this.#state;

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  /** Takes a step: it counts once the log has it. Throws where it could not be written down. */
  async take(work_order_id: string, act: Act): Promise<void> {
    await add(this.#state.engineer, { ...act, id: commandKey(), work_order_id, at: Date.now() });
    await this.#changed();
  }

  /** Sends what was refused again, at its time, perhaps saying something else: another command, in the same place. */
  async again({ order, command: { at, work_order_id } }: Entry, { step, body }: Act): Promise<void> {
    const corrected = { step, body, id: commandKey(), work_order_id, at } as Command;
    await change(this.#state.engineer, { order, command: corrected });
    await this.#changed();
  }

  async giveUp(entry: Entry): Promise<void> {
    await drop(entry);
    await this.#changed();
  }

  /** Wipes what is kept, unless something was not sent: whether it did. */
  async leave(): Promise<boolean> {
    await alone(async () => {
      this.#isOver = await forget(this.#state.engineer);
    });
    if (this.#isOver) this.#channel.postMessage("left");
    return this.#isOver;
  }

  /** One tab sends, whichever comes first; who waits for it already need not ask twice. */
  readonly sync = (): void => {
    if (this.#isAsked || this.#isOver) return;
    this.#isAsked = true;
    void alone(() => {
      this.#isAsked = false;
      return this.#turn();
    });
  };

  async #turn(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#isOver) return;
    const isThrough = await this.#exchange().catch((error: unknown) => {
      const problem = problemOf(error);
      this.#set(problem && problem.status > 0 ? { problem } : { link: "offline", problem: null });
      return false;
    });
    this.#failures = isThrough ? 0 : this.#failures + 1;
    if (isThrough || this.#state.log.length === 0) return;
    this.#retry = setTimeout(this.sync, PAUSES[Math.min(this.#failures, PAUSES.length) - 1]);
  }

  /** Answers whether nothing is left to be sent. */
  async #exchange(): Promise<boolean> {
    const { engineer } = this.#state;
    const person = await signedIn();
    if (person === null) this.#set({ link: "expired", problem: null });
    if (person === null) return false;
    if (person.subject !== engineer.subject) {
      await remember(person); // their phone from now on: what this person did stays sealed, and is not sent
      location.reload();
      return false;
    }
    this.#set({ link: "online" });
    await dispatch.GET("/v1/engineers/me"); // says what time it is, before a command is dated by it
    const isThrough = await drain(engineer, () => this.#show());
    await keep(engineer, await readSnapshot(this.#state.snapshot));
    this.#set({ problem: null });
    await this.#show();
    this.#channel.postMessage("changed");
    return isThrough;
  }

  #end(): void {
    this.#isOver = true;
    this.#set({ snapshot: null, log: [], link: "expired" });
  }

  async #changed(): Promise<void> {
    await this.#show();
    this.#channel.postMessage("changed");
    this.sync();
  }

  async #show(): Promise<void> {
    const { engineer } = this.#state;
    const [snapshot, log] = await Promise.all([snapshotOf(engineer), logOf(engineer)]);
    this.#set({ snapshot, log });
  }

  #set(changed: Partial<State>): void {
    this.#state = { ...this.#state, ...changed };
    for (const watcher of this.#watchers) watcher();
  }
}

/** What no two tabs do at once. Without https, from another machine, there are no locks: a key sent twice is carried out once. */
async function alone(work: () => Promise<void>): Promise<void> {
  if (navigator.locks) await navigator.locks.request(NAME, work);
  else await work();
}

export const Working = createContext<Phone | null>(null);

export function usePhone(): Phone {
  const phone = useContext(Working);
  if (!phone) throw new Error("nobody works here");
  return phone;
}

export function usePhoneState(): State {
  const phone = usePhone();
  return useSyncExternalStore(phone.watch, phone.state);
}
