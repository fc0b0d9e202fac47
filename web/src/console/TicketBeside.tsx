import { lazy } from "react";

/** A ticket as it stands beside a list, of whichever area; loaded when the first one is asked for. */
export const TicketBeside = lazy(() => import("./ticket/Beside").then(({ Beside }) => ({ default: Beside })));
