import { useSyncExternalStore } from "react";
import { signInAgain } from "./person";
import type { Told } from "./stale";
import { type Block, blocks, partsOf } from "./stream";

/** One connection for all tabs: the tab that holds the lock reads, and says on the channel what it reads. */
const NAME = "aftercare-live";
/** Milliseconds without a byte after which a connection is given up: a sign of life comes every 15 s. */
const SILENCE = 40_000;
/** Milliseconds without a connection after which nothing counts as told any more. */
const PATIENCE = 10_000;
const PAUSES = [500, 1000, 2000, 5000, 10_000, 15_000];

type Message =
  | { kind: "told"; id: string; told: Told }
  | { kind: "place"; id: string }
  | { kind: "reset"; id: string }
  | { kind: "state"; live: boolean; id: string | undefined }
  | { kind: "asked" };

/** Milliseconds since 1970 since when no connection tells anything; null while one does. */
let since: number | null = Date.now();
let place: string | undefined;
let leading = false;
let heed: Listener | undefined;
let lostTimer: ReturnType<typeof setTimeout> | undefined;
const watchers = new Set<() => void>();
let channel: BroadcastChannel | undefined;

/** Who is told. */
interface Listener {
  told: (told: Told) => void;
  /** What happened meanwhile is not known: everything that was read before `at` (milliseconds, this browser's) may be stale. */
  missed: (at: number) => void;
}

/** Whether what happens is not told now, and has not been for a while. */
export function lost(): boolean {
  return since !== null && Date.now() - since >= PATIENCE;
}

/** Since when nothing is told (milliseconds, this browser's clock); null while all is. */
export function useSilence(): number | null {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => since,
  );
}

/** Follows what happens, as long as the page stands. */
export function follow(listener: Listener): void {
  heed = listener;
  channel = new BroadcastChannel(NAME);
  channel.onmessage = ({ data }) => hear(data as Message);
  channel.postMessage({ kind: "asked" } satisfies Message);
  if (navigator.locks) void navigator.locks.request(NAME, lead);
  else void lead(); // no page from elsewhere than this machine or https: each tab has a connection of its own
}

function say(message: Message): void {
  channel?.postMessage(message);
  hear(message);
}

function hear(message: Message): void {
  if (message.kind === "asked") answer();
  else if (message.id) place = message.id;
  if (message.kind === "told") heed?.told(message.told);
  if (message.kind === "reset") heed?.missed(Date.now());
  if (message.kind === "state") turn(message.live);
}

function answer(): void {
  if (leading) channel?.postMessage({ kind: "state", live: since === null, id: place } satisfies Message);
}

function turn(live: boolean): void {
  if (live === (since === null)) return;
  since = live ? null : Date.now();
  clearTimeout(lostTimer);
  if (!live) lostTimer = setTimeout(() => heed?.missed(Date.now()), PATIENCE); // from now on pages ask by themselves
  for (const watcher of watchers) watcher();
}

async function lead(): Promise<void> {
  leading = true;
  for (let failures = 0; ; failures += 1) {
    const began = Date.now();
    await connection().catch(() => undefined); // whatever cut it, the next one goes on where it was
    if (Date.now() - began > SILENCE) failures = 0;
    say({ kind: "state", live: false, id: place });
    const pause = PAUSES[Math.min(failures, PAUSES.length - 1)] ?? 0;
    await new Promise((resume) => setTimeout(resume, pause * (0.5 + Math.random())));
  }
}

async function connection(): Promise<void> {
  const began = Date.now();
  const cut = new AbortController();
  let silence = setTimeout(() => cut.abort(), SILENCE);
  try {
    const headers = place ? { "Last-Event-ID": place } : undefined;
    const answer = await fetch("/events", { ...(headers && { headers }), signal: cut.signal });
    if (answer.status === 401) signInAgain();
    if (answer.status === 422) place = undefined;
    if (!answer.ok || !answer.body) return;
    if (!place) heed?.missed(began);
    for await (const block of blocks(partsOf(answer.body))) {
      clearTimeout(silence);
      silence = setTimeout(() => cut.abort(), SILENCE);
      tell(block);
    }
  } finally {
    clearTimeout(silence);
  }
}

function tell({ id, event, data }: Block): void {
  if (!id) return;
  if (event === "reset") say({ kind: "reset", id });
  else if (event === "away") say({ kind: "state", live: data === "[]", id });
  else if (data) say({ kind: "told", id, told: JSON.parse(data) as Told });
  else say({ kind: "place", id });
}
