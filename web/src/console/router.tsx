import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import { isId, parseSearch, stringifySearch } from "../lib/address";
import { withWords } from "../lib/words";
import { extendedIn } from "./accounts/keeping/search";
import { readAheadFor } from "./ahead";
import { auditSearch } from "./audit/search";
import { filtersIn as callbacksIn } from "./callbacks/filters";
import { boardSearch } from "./dispatch/filters";
import { readAhead as readBoard } from "./dispatch/orders";
import { filtersIn as engineersIn } from "./engineers/filters";
import { importSearch } from "./imports/search";
import { calendarSearch, draftSearch, ID, policySearch, rulesSearch, trySearch } from "./policies/search";
import { replaySearch, whatIfSearch } from "./policies/whatIf";
import { filtersIn, queueSearch } from "./queue/filters";
import { readAhead as readTickets } from "./queue/tickets";
import { registerSearch } from "./register/search";
import { Defect } from "./shell/Defect";
import { Missing } from "./shell/Missing";
import { Shell } from "./shell/Shell";
import { filtersIn as casesIn } from "./triage/filters";
import { filtersIn as clocksIn } from "./wallboard/filters";
import * as words from "./words";

/** What an address names has to be an id. */
function known(id: string): void {
  if (!isId(id)) throw notFound();
}

/** The id that somebody chose for a policy. */
function named(id: string): void {
  if (!ID.test(id)) throw notFound();
}

const root = createRootRoute({ component: Shell, notFoundComponent: Missing, errorComponent: Defect });

const begin = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/home" });
  },
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/home",
  component: lazyRouteComponent(() => import("./home/Home"), "Home"),
});

const queue = createRoute({
  getParentRoute: () => root,
  path: "/tickets",
  validateSearch: queueSearch,
  loader: ({ location }) => readTickets(filtersIn(location.search)),
  component: lazyRouteComponent(() => import("./queue/Queue"), "Queue"),
});

const ticket = createRoute({
  getParentRoute: () => root,
  path: "/tickets/$ticketId",
  beforeLoad: ({ params }) => known(params.ticketId),
  component: lazyRouteComponent(
    () => withWords([words.life, words.merging, words.notes, words.papers, words.snippets], import("./ticket/Ticket")),
    "Ticket",
  ),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  validateSearch: registerSearch,
  component: lazyRouteComponent(
    () => withWords([words.hotlines, words.life, words.merging, words.snippets], import("./register/Register")),
    "Register",
  ),
});

const triage = createRoute({
  getParentRoute: () => root,
  path: "/triage",
  validateSearch: casesIn,
  component: lazyRouteComponent(() => import("./triage/TriageQueue"), "TriageQueue"),
});

const triageCase = createRoute({
  getParentRoute: () => root,
  path: "/triage/$ticketId",
  beforeLoad: ({ params }) => known(params.ticketId),
  component: lazyRouteComponent(() => import("./triage/Case"), "Case"),
});

const wallboard = createRoute({
  getParentRoute: () => root,
  path: "/wallboard",
  component: lazyRouteComponent(() => import("./wallboard/Wallboard"), "Wallboard"),
});

const clocks = createRoute({
  getParentRoute: () => root,
  path: "/wallboard/clocks",
  validateSearch: clocksIn,
  component: lazyRouteComponent(() => import("./wallboard/ClockList"), "ClockList"),
});

const calculation = createRoute({
  getParentRoute: () => root,
  path: "/wallboard/calculation",
  component: lazyRouteComponent(() => import("./wallboard/Calculation"), "Calculation"),
});

const board = createRoute({
  getParentRoute: () => root,
  path: "/board",
  validateSearch: boardSearch,
  loader: ({ location }) => void readAheadFor("board", () => readBoard(boardSearch(location.search))),
  component: lazyRouteComponent(() => import("./dispatch/Board"), "Board"),
});

const workOrder = createRoute({
  getParentRoute: () => root,
  path: "/work-orders/$workOrderId",
  beforeLoad: ({ params }) => known(params.workOrderId),
  component: lazyRouteComponent(() => import("./dispatch/WorkOrderPage"), "WorkOrderPage"),
});

const asset = createRoute({
  getParentRoute: () => root,
  path: "/devices/$assetId",
  beforeLoad: ({ params }) => known(params.assetId),
  component: lazyRouteComponent(() => withWords([words.keeping], import("./accounts/AssetPage")), "AssetPage"),
});

const contract = createRoute({
  getParentRoute: () => root,
  path: "/contracts/$contractId",
  beforeLoad: ({ params }) => known(params.contractId),
  component: lazyRouteComponent(() => withWords([words.keeping], import("./accounts/ContractPage")), "ContractPage"),
});

const file = createRoute({
  getParentRoute: () => root,
  path: "/accounts/$customerId",
  beforeLoad: ({ params }) => known(params.customerId),
  component: lazyRouteComponent(
    () => withWords([words.keeping, words.models], import("./accounts/FilePage")),
    "FilePage",
  ),
});

const signContract = createRoute({
  getParentRoute: () => root,
  path: "/accounts/$customerId/contract",
  validateSearch: extendedIn,
  beforeLoad: ({ params }) => known(params.customerId),
  component: lazyRouteComponent(
    () => withWords([words.keeping], import("./accounts/keeping/SignContract")),
    "SignContract",
  ),
});

const installAsset = createRoute({
  getParentRoute: () => root,
  path: "/accounts/$customerId/device",
  beforeLoad: ({ params }) => known(params.customerId),
  component: lazyRouteComponent(
    () => withWords([words.keeping, words.models], import("./accounts/keeping/InstallAsset")),
    "InstallAsset",
  ),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  component: lazyRouteComponent(
    () => withWords([words.keeping, words.models], import("./accounts/keeping/Models")),
    "Models",
  ),
});

const model = createRoute({
  getParentRoute: () => root,
  path: "/models/$modelId",
  beforeLoad: ({ params }) => known(params.modelId),
  component: lazyRouteComponent(
    () => withWords([words.keeping, words.models], import("./accounts/keeping/ModelPage")),
    "ModelPage",
  ),
});

const engineers = createRoute({
  getParentRoute: () => root,
  path: "/engineers",
  validateSearch: engineersIn,
  component: lazyRouteComponent(() => withWords([words.engineers], import("./engineers/Engineers")), "Engineers"),
});

const engineer = createRoute({
  getParentRoute: () => root,
  path: "/engineers/$engineerId",
  beforeLoad: ({ params }) => known(params.engineerId),
  component: lazyRouteComponent(() => withWords([words.engineers], import("./engineers/Engineer")), "Engineer"),
});

const callbacks = createRoute({
  getParentRoute: () => root,
  path: "/callbacks",
  validateSearch: callbacksIn,
  component: lazyRouteComponent(() => withWords([words.callbacks], import("./callbacks/Callbacks")), "Callbacks"),
});

const callback = createRoute({
  getParentRoute: () => root,
  path: "/callbacks/$callbackId",
  beforeLoad: ({ params }) => known(params.callbackId),
  component: lazyRouteComponent(() => withWords([words.callbacks], import("./callbacks/Callback")), "Callback"),
});

const customers = createRoute({
  getParentRoute: () => root,
  path: "/customers",
  component: lazyRouteComponent(() => import("./customers/Customers"), "Customers"),
});

const customer = createRoute({
  getParentRoute: () => root,
  path: "/customers/$customerId",
  beforeLoad: ({ params }) => known(params.customerId),
  component: lazyRouteComponent(() => withWords([words.people], import("./customers/Customer")), "Customer"),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: "/policies",
  validateSearch: rulesSearch,
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Policies")), "Policies"),
});

const policy = createRoute({
  getParentRoute: () => root,
  path: "/policies/$policyId",
  validateSearch: policySearch,
  beforeLoad: ({ params }) => named(params.policyId),
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Policy")), "Policy"),
});

const policyDraft = createRoute({
  getParentRoute: () => root,
  path: "/policies/$policyId/draft",
  validateSearch: draftSearch,
  beforeLoad: ({ params }) => named(params.policyId),
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Draft")), "Draft"),
});

const calendar = createRoute({
  getParentRoute: () => root,
  path: "/calendars",
  validateSearch: calendarSearch,
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Calendar")), "Calendar"),
});

const tryIt = createRoute({
  getParentRoute: () => root,
  path: "/try",
  validateSearch: trySearch,
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Try")), "Try"),
});

const sharedCalendar = createRoute({
  getParentRoute: () => root,
  path: "/calendars/$calendarId",
  beforeLoad: ({ params }) => named(params.calendarId),
  component: lazyRouteComponent(
    () => withWords([words.policies], import("./policies/SharedCalendar")),
    "SharedCalendar",
  ),
});

const calendarDraft = createRoute({
  getParentRoute: () => root,
  path: "/calendars/$calendarId/draft",
  beforeLoad: ({ params }) => named(params.calendarId),
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/CalendarDraft")), "CalendarDraft"),
});

const whatIf = createRoute({
  getParentRoute: () => root,
  path: "/what-if",
  validateSearch: whatIfSearch,
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/WhatIf")), "WhatIf"),
});

const replay = createRoute({
  getParentRoute: () => root,
  path: "/what-if/$replayId",
  validateSearch: replaySearch,
  beforeLoad: ({ params }) => known(params.replayId),
  component: lazyRouteComponent(() => withWords([words.policies], import("./policies/Replay")), "Replay"),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/imports",
  validateSearch: importSearch,
  component: lazyRouteComponent(() => withWords([words.imports], import("./imports/Imports")), "Imports"),
});

const operations = createRoute({
  getParentRoute: () => root,
  path: "/operations",
  component: lazyRouteComponent(() => withWords([words.operations], import("./operations/Operations")), "Operations"),
});

const audit = createRoute({
  getParentRoute: () => root,
  path: "/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => withWords([words.audit], import("./audit/Audit")), "Audit"),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => withWords([words.settings], import("./settings/SettingsPage")), "SettingsPage"),
});

const snippets = createRoute({
  getParentRoute: () => root,
  path: "/settings/snippets",
  component: lazyRouteComponent(() => withWords([words.snippets], import("./snippets/Snippets")), "Snippets"),
});

const hotlines = createRoute({
  getParentRoute: () => root,
  path: "/settings/hotlines",
  component: lazyRouteComponent(() => withWords([words.hotlines], import("./hotlines/Hotlines")), "Hotlines"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    begin,
    home,
    queue,
    ticket,
    register,
    triage,
    triageCase,
    board,
    workOrder,
    engineers,
    engineer,
    callbacks,
    callback,
    customers,
    customer,
    wallboard,
    clocks,
    calculation,
    asset,
    contract,
    file,
    signContract,
    installAsset,
    models,
    model,
    policies,
    policy,
    policyDraft,
    calendar,
    tryIt,
    sharedCalendar,
    calendarDraft,
    whatIf,
    replay,
    imports,
    operations,
    audit,
    settings,
    snippets,
    hotlines,
  ]),
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
