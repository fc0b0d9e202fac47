import { body, command, dispatch } from "../../lib/clients";
import type { Read } from "./engineers";

/** The record as it is filled in: skills with commas or spaces between. */
export interface Values {
  name: string;
  region: string;
  skills: string;
}

function recordOf({ name, region, skills }: Values) {
  return { name: name.trim(), region: region.trim(), skills: skills.split(/[\s,，、]+/).filter(Boolean) };
}

/** Puts somebody on the list, or changes the record of who is on it. */
export async function save(read: Read | null, values: Values, key: string): Promise<string> {
  const record = recordOf(values);
  if (!read) return (await body(dispatch.POST("/v1/engineers", { headers: command(key), body: record }))).id;
  const params = { path: { engineer_id: read.engineer.id } };
  const headers = command(key, read.etag);
  await body(dispatch.POST("/v1/engineers/{engineer_id}/amendment", { params, headers, body: record }));
  return read.engineer.id;
}

/** Says whose login is the engineer's, by the name that the issuer has for it. */
export function bind({ engineer, etag }: Read, subject: string, key: string): Promise<unknown> {
  const sent = { params: { path: { engineer_id: engineer.id } }, headers: command(key, etag) };
  return body(dispatch.POST("/v1/engineers/{engineer_id}/binding", { ...sent, body: { subject: subject.trim() } }));
}

export function unbind({ engineer, etag }: Read, key: string): Promise<unknown> {
  const sent = { params: { path: { engineer_id: engineer.id } }, headers: command(key, etag) };
  return body(dispatch.POST("/v1/engineers/{engineer_id}/unbinding", sent));
}
