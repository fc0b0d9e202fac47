import type { components } from "../../../api/intake.gen";
import { body, command, intake } from "../../../lib/clients";
import type { AccountRead } from "../../account";
import { type Person, type PersonValues, personOf, type Site, type SiteValues, siteOf } from "./values";

type NewKind = components["schemas"]["NewKind"];

function on({ account, etag }: AccountRead, key: string) {
  return { path: { customer_id: account.id }, headers: command(key, etag) };
}

export function classify(read: AccountRead, { kind }: Pick<NewKind, "kind">, key: string) {
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
