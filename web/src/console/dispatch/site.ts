import { body, command, dispatch } from "../../lib/clients";
import { linesOf } from "../../lib/lines";
import { type Chosen, codedAct } from "../../lib/visitSteps";
import type { Step } from "./steps";
import type { Read } from "./workOrder";

export type SiteStep = Exclude<Step, "plan">;

/** What is filled in for a step, whichever it is. */
export interface Words {
  /** What was done, a note beside codes, or why it was rejected: a reason a line. */
  text: string;
  chosen: Chosen;
  latitude: string;
  longitude: string;
  /** Radius in metres. */
  accuracy: string;
  signedBy: string;
  /** A PNG in base64; empty: none yet. */
  signature: string;
}

export const BLANK: Words = {
  text: "",
  chosen: {},
  latitude: "",
  longitude: "",
  accuracy: "50",
  signedBy: "",
  signature: "",
};

/** Whether nothing is missing that the step needs. */
export function isFilledIn(step: SiteStep, words: Words): boolean {
  switch (step) {
    case "arrival":
      return [words.latitude, words.longitude, words.accuracy].every((each) => each.trim() !== "");
    case "completion":
    case "rejection":
      return words.text.trim() !== "";
    case "acceptance":
      return words.signedBy.trim() !== "" && words.signature !== "";
    default:
      return true;
  }
}

/** Takes the step, as the same command however often it is sent with one key. */
export function take(step: SiteStep, { order, etag }: Read, words: Words, key: string): Promise<unknown> {
  const sent = { params: { path: { work_order_id: order.id } }, headers: command(key, etag) };
  const route = "/v1/work-orders/{work_order_id}" as const;
  switch (step) {
    case "unassignment":
    case "confirmation":
    case "departure":
    case "resumption":
      return body(dispatch.POST(`${route}/${step}`, sent));
    case "arrival":
      return body(dispatch.POST(`${route}/arrival`, { ...sent, body: positionOf(words) }));
    case "decline":
    case "customer-call":
    case "pause":
    case "failure": {
      const { body: said } = codedAct(step, words.chosen, words.text);
      return body(dispatch.POST(`${route}/${step}`, { ...sent, body: said as never }));
    }
    case "completion":
      return body(dispatch.POST(`${route}/completion`, { ...sent, body: { result: words.text } }));
    case "acceptance":
      return body(dispatch.POST(`${route}/acceptance`, { ...sent, body: signatureOf(words) }));
    case "rejection":
      return body(dispatch.POST(`${route}/rejection`, { ...sent, body: { reasons: linesOf(words.text) } }));
  }
}

function positionOf({ latitude, longitude, accuracy }: Words) {
  return { latitude: Number(latitude), longitude: Number(longitude), accuracy_m: Number(accuracy) };
}

function signatureOf({ signedBy, signature }: Words) {
  return { signed_by: signedBy, signature };
}
