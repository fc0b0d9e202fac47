import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { signIn } from "../lib/person";
import { begin, NOTHING } from "../lib/words";
import { App } from "./App";
import { whoIs } from "./ahead";
import { goLive } from "./live";
import { router } from "./router";
import { Unreachable } from "./Unreachable";
import { words } from "./words";
import "./console.css";
import "../ui/states.css";

const root = createRoot(document.getElementById("root") as HTMLElement);

/** The page's own scripts and what it reads first come while the gateway is asked who this is. */
async function start(): Promise<void> {
  try {
    goLive();
    void router.load();
    const person = await whoIs();
    await begin(person?.locale ?? null, words);
    if (!person) return signIn();
    root.render(
      <StrictMode>
        <App person={person} />
      </StrictMode>,
    );
  } catch {
    await begin(null, NOTHING);
    root.render(<Unreachable />);
  }
}

void start();
