import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { signedIn, signIn } from "../lib/person";
import { begin } from "../lib/words";
import { App } from "./App";
import type { Engineer } from "./database";
import { remember, remembered } from "./engineer";
import { Phone, Working } from "./phone";
import { Unreachable } from "./Unreachable";
import { words } from "./words";
import "./field.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

/** Whoever is remembered sees their own at once, with or without a network; anybody else signs in first. */
async function start(): Promise<void> {
  const engineer = (await remembered()) ?? (await arrived());
  if (!engineer) return signIn();
  await begin(engineer.locale, words);
  const phone = await Phone.of(engineer);
  root.render(
    <StrictMode>
      <Working value={phone}>
        <App />
      </Working>
    </StrictMode>,
  );
  phone.begin();
  void navigator.storage?.persist?.();
}

async function arrived(): Promise<Engineer | null> {
  const person = await signedIn();
  return person && remember(person);
}

start().catch(async () => {
  await begin(null, words);
  root.render(<Unreachable />);
});
if (import.meta.env.PROD) void navigator.serviceWorker?.register("/field/sw.js");
