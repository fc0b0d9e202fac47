import type { components } from "../../../api/intake.gen";
import { body, command, intake } from "../../../lib/clients";
import { linesOf } from "../../../lib/lines";
import type { Account, AccountRead } from "../../account";

type Schemas = components["schemas"];
export type Person = Account["people"][number];
export type Site = Account["sites"][number];

/** Somebody as they are filled in: a number a line. */
export interface PersonValues {
  name: string;
  role: Person["role"];
  responsible: boolean;
  phones: string;
  email: string;
}

export interface SiteValues {
  name: string;
  region: string;
  timezone: string;
  address: string;
  latitude: string;
  longitude: string;
}

export function personValues(person: Person | null): PersonValues {
  return {
    name: person?.name ?? "",
    role: person?.role ?? "management",
    responsible: person?.responsible ?? false,
    phones: person?.phones?.map(({ typed }) => typed).join("\n") ?? "",
    email: person?.email ?? "",
  };
}

export function siteValues(site: Site | null): SiteValues {
  return {
    name: site?.name ?? "",
    region: site?.region ?? "",
    timezone: site?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    address: site?.address ?? "",
    latitude: site?.latitude == null ? "" : String(site.latitude),
    longitude: site?.longitude == null ? "" : String(site.longitude),
  };
}

/** What the form says of somebody; what was left empty is not said. */
export function personOf({ name, role, responsible, phones, email }: PersonValues): Schemas["NewPerson"] {
  const own = { name: name.trim(), role, responsible, phones: linesOf(phones) };
  return email.trim() ? { ...own, email: email.trim() } : own;
}

export function siteOf({ name, region, timezone, address, ...at }: SiteValues): Schemas["NewCustomerSite"] {
  return {
    name: name.trim(),
    timezone: timezone.trim(),
    address: address.trim(),
    ...(region.trim() && { region: region.trim() }),
    ...(at.latitude.trim() && { latitude: Number(at.latitude) }),
    ...(at.longitude.trim() && { longitude: Number(at.longitude) }),
  };
}

function on({ account, etag }: AccountRead, key: string) {
  return { path: { customer_id: account.id }, headers: command(key, etag) };
}

export function classify(read: AccountRead, { kind }: Pick<Schemas["NewKind"], "kind">, key: string) {
  const { path, headers } = on(read, key);
  return body(intake.POST("/v1/customers/{customer_id}/account/kind", { params: { path }, headers, body: { kind } }));
}

/** Puts somebody on the list, or in the place of what was known of them. */
export function notePerson(person: Person | null) {
  return (read: AccountRead, values: PersonValues, key: string): Promise<unknown> => {
    const { path, headers } = on(read, key);
    const said = personOf(values);
    if (!person)
      return body(intake.POST("/v1/customers/{customer_id}/account/people", { params: { path }, headers, body: said }));
    const params = { path: { ...path, person_id: person.id } };
    const one = "/v1/customers/{customer_id}/account/people/{person_id}";
    return body(intake.POST(one, { params, headers, body: said }));
  };
}

export function noteSite(site: Site | null) {
  return (read: AccountRead, values: SiteValues, key: string): Promise<unknown> => {
    const { path, headers } = on(read, key);
    const said = siteOf(values);
    if (!site)
      return body(intake.POST("/v1/customers/{customer_id}/account/sites", { params: { path }, headers, body: said }));
    const params = { path: { ...path, site_id: site.id } };
    const one = "/v1/customers/{customer_id}/account/sites/{site_id}";
    return body(intake.POST(one, { params, headers, body: said }));
  };
}

export function removePerson(person: Person) {
  return (read: AccountRead, _: object, key: string): Promise<unknown> => {
    const { path, headers } = on(read, key);
    const params = { path: { ...path, person_id: person.id } };
    return body(
      intake.POST("/v1/customers/{customer_id}/account/people/{person_id}/removal", { params, headers, body: {} }),
    );
  };
}

export function removeSite(site: Site) {
  return (read: AccountRead, _: object, key: string): Promise<unknown> => {
    const { path, headers } = on(read, key);
    const params = { path: { ...path, site_id: site.id } };
    return body(
      intake.POST("/v1/customers/{customer_id}/account/sites/{site_id}/removal", { params, headers, body: {} }),
    );
  };
}
