import type { components } from "../../../api/intake.gen";
import { linesOf } from "../../../lib/lines";
import type { Account } from "../../account";

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
