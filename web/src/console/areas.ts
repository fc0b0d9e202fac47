import { hasRole, type Person } from "../lib/person";

export type AreaName =
  | "home"
  | "tickets"
  | "register"
  | "triage"
  | "board"
  | "customers"
  | "engineers"
  | "callbacks"
  | "wallboard"
  | "policies"
  | "operations"
  | "audit";

export interface Area {
  name: AreaName;
  path: `/${AreaName}`;
  /** The letter after `g`. */
  letter: string;
  /** Null: everybody. */
  roles: readonly string[] | null;
}

/** What the console has, in the order of the top bar; the services refuse again what a role may not do. */
export const AREAS: readonly Area[] = [
  { name: "home", path: "/home", letter: "h", roles: null },
  { name: "tickets", path: "/tickets", letter: "t", roles: null },
  { name: "register", path: "/register", letter: "r", roles: ["agent", "manager"] },
  { name: "triage", path: "/triage", letter: "c", roles: ["triage", "manager"] },
  { name: "board", path: "/board", letter: "b", roles: ["dispatcher", "manager"] },
  { name: "engineers", path: "/engineers", letter: "e", roles: ["dispatcher", "manager"] },
  { name: "callbacks", path: "/callbacks", letter: "k", roles: ["agent", "manager"] },
  { name: "customers", path: "/customers", letter: "u", roles: ["agent", "manager"] },
  { name: "wallboard", path: "/wallboard", letter: "w", roles: ["manager", "director"] },
  { name: "policies", path: "/policies", letter: "p", roles: ["manager", "director", "auditor"] },
  { name: "operations", path: "/operations", letter: "o", roles: ["operator", "auditor"] },
  { name: "audit", path: "/audit", letter: "a", roles: ["auditor", "manager", "operator"] },
];

export function areasOf(person: Person): Area[] {
  return AREAS.filter((area) => area.roles === null || hasRole(person, area.roles));
}
