import { useQuery } from "@tanstack/react-query";
import type { components } from "../../api/intake.gen";
import { body, command, commandKey, dispatch, intake } from "../../lib/clients";
import { hasRole, type Person } from "../../lib/person";
import { language } from "../../lib/words";

type Schemas = components["schemas"];
type ImportItem = Schemas["ImportItem"];
export type ImportDetails = Schemas["ImportDetails"];

/** What may be imported, and who keeps it; the services refuse again what a role may not do. */
const KINDS = {
  customers: ["agent", "manager"],
  contracts: ["manager"],
  assets: ["agent", "manager"],
  engineers: ["dispatcher", "manager"],
} as const;
export type Kind = keyof typeof KINDS;
export const MAY_SEE = ["agent", "dispatcher", "manager"];
export const SERVICES = ["intake", "dispatch"] as const;
export type Service = (typeof SERVICES)[number];

export function kindsOf(person: Person): Kind[] {
  return (Object.keys(KINDS) as Kind[]).filter((kind) => hasRole(person, KINDS[kind]));
}

export function serviceOf(kind: Kind): Service {
  return kind === "engineers" ? "dispatch" : "intake";
}

/** Both services have the same routes. */
function client(service: Service): typeof intake {
  return service === "dispatch" ? (dispatch as unknown as typeof intake) : intake;
}

/** Send a file; the id of the import. */
export async function send(kind: Kind, file: File, dryRun: boolean, key: string): Promise<string> {
  const asked = client(serviceOf(kind)).POST("/v1/imports", {
    params: { query: { kind: kind as "customers", dry_run: dryRun } },
    body: file as unknown as string,
    bodySerializer: (content: unknown) => content as BodyInit,
    headers: { ...command(key), "Content-Type": "application/octet-stream" },
  });
  return (await body(asked)).id;
}

export function cancel(service: Service, id: string) {
  const path = { id };
  return client(service).POST("/v1/imports/{id}/cancellation", { params: { path }, headers: command(commandKey()) });
}

export function isOver(one: ImportItem | undefined): boolean {
  return one !== undefined && one.status !== "requested" && one.status !== "running";
}

const PAUSE = 1000;

export function useImport(service: Service, id: string | undefined) {
  return useQuery({
    queryKey: ["imports", service, id],
    queryFn: () => body(client(service).GET("/v1/imports/{id}", { params: { path: { id: id as string } } })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (isOver(state.data) ? false : PAUSE),
  });
}

/** The rows that are wrong, once all were looked at. */
export function useFlaws(service: Service, one: ImportDetails) {
  return useQuery({
    queryKey: ["imports", service, one.id, "flaws", language()],
    queryFn: () =>
      body(
        client(service).GET("/v1/imports/{id}/flaws", {
          params: { path: { id: one.id }, query: { language: language() } },
        }),
      ),
    enabled: isOver(one),
  });
}

export function useRecent(service: Service) {
  return useQuery({
    queryKey: ["imports", service],
    queryFn: () => body(client(service).GET("/v1/imports", { params: { query: { limit: 10 } } })),
  });
}

/** Where a browser finds a file. */
export function resultOf(service: Service, id: string): string {
  return `/api/${service}/v1/imports/${id}/result?language=${language()}`;
}

export function templateOf(kind: Kind, extension: string): string {
  return `/api/${serviceOf(kind)}/v1/imports/templates/${kind}.${extension}?language=${language()}`;
}
