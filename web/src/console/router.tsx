import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { parseSearch, stringifySearch } from "../lib/address";
import { boardSearch } from "./dispatch/filters";
import { filtersIn } from "./queue/filters";
import { Defect } from "./shell/Defect";
import { Missing } from "./shell/Missing";
import { Shell } from "./shell/Shell";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Defect });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/tickets" });
  },
});

const queue = createRoute({
  getParentRoute: () => root,
  path: "/tickets",
  validateSearch: filtersIn,
  component: lazyRouteComponent(() => import("./queue/Queue"), "Queue"),
});

const ticket = createRoute({
  getParentRoute: () => root,
  path: "/tickets/$ticketId",
  beforeLoad: ({ params }) => {
    if (!UUID.test(params.ticketId)) throw notFound();
  },
  component: lazyRouteComponent(() => import("./ticket/Ticket"), "Ticket"),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyRouteComponent(() => import("./register/Register"), "Register"),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/board",
  validateSearch: boardSearch,
  component: lazyRouteComponent(() => import("./dispatch/Board"), "Board"),
});

const workOrder = createRoute({
  getParentRoute: () => root,
  path: "/work-orders/$workOrderId",
  beforeLoad: ({ params }) => {
    if (!UUID.test(params.workOrderId)) throw notFound();
  },
  component: lazyRouteComponent(() => import("./dispatch/WorkOrderPage"), "WorkOrderPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, queue, ticket, register, board, workOrder]),
  defaultPreload: "intent",
  scrollRestoration: true,
  parseSearch,
  stringifySearch,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
