import type { components } from "../../../api/intake.gen";
import { given } from "./given";

type Schemas = components["schemas"];
type Part = Schemas["PartForm"];

export interface SiteValues {
  timezone: string;
  region: string;
  address: string;
}

export interface DaysValues {
  acceptance_date: string;
  completion_date: string;
  card_number: string;
  card_date: string;
}

export interface PartValues {
  id: string;
  component_class: string;
  parent: string;
  serial: string;
  installed_on: string;
  supplied_by: NonNullable<Part["supplied_by"]>;
  kind: NonNullable<Part["kind"]>;
}

/** The form of an asset; its shape is the command's. */
export interface AssetValues {
  model: string;
  serial: string;
  lot: string;
  maker: string;
  supplier: string;
  sold_as: Schemas["AssetDetails"]["sold_as"];
  site: SiteValues;
  days: DaysValues;
  parts: PartValues[];
  contracts: string[];
}

/** The spares that nobody has taken into use. */
export function onShelf<Of extends Pick<Schemas["PartItem"], "kind" | "installed_on" | "replaced_on">>(
  parts: readonly Of[],
): Of[] {
  return parts.filter(({ kind, installed_on, replaced_on }) => kind === "spare" && !installed_on && !replaced_on);
}

export const PART: PartValues = {
  id: "",
  component_class: "",
  parent: "",
  serial: "",
  installed_on: "",
  supplied_by: "us",
  kind: "original",
};
const DAYS: DaysValues = { acceptance_date: "", completion_date: "", card_number: "", card_date: "" };

/** A component that the model has, as it is filled in. */
function partValues({ id, component_class, parent }: Schemas["ComponentForm"]): PartValues {
  return { ...PART, id, component_class, parent: parent ?? "" };
}

/** The components that are typed, and those of the model that are not among them; a line that says nothing goes. */
export function withModels(
  typed: readonly PartValues[],
  components: readonly Schemas["ComponentForm"][],
): PartValues[] {
  const kept = typed.filter((part) => JSON.stringify(part) !== JSON.stringify(PART));
  const known = new Set(kept.map(({ id }) => id.trim()));
  return [...kept, ...components.filter(({ id }) => !known.has(id)).map(partValues)];
}

/** Where the writer is, until another place is said. */
export function blankSite(): SiteValues {
  return { timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, region: "", address: "" };
}

export function blankAsset(): AssetValues {
  const identity = { model: "", serial: "", lot: "", maker: "", supplier: "", sold_as: "sold" as const };
  return { ...identity, site: blankSite(), days: DAYS, parts: [PART], contracts: [] };
}

/** The command that puts an asset on file. */
export function newAsset(customerId: string, values: AssetValues): Schemas["NewAsset"] {
  const { model, sold_as, serial, lot, maker, supplier, site, days, parts, contracts } = values;
  return {
    customer_id: customerId,
    model: model.trim(),
    sold_as,
    ...given({ serial, lot, maker, supplier }),
    site: siteOf(site),
    days: given({ ...days }),
    parts: parts.map(partOf),
    contracts,
  };
}

export function siteOf({ timezone, region, address }: SiteValues): Schemas["SiteForm"] {
  return { timezone: timezone.trim(), ...given({ region, address }) };
}

export function partOf({ id, component_class, supplied_by, kind, parent, serial, installed_on }: PartValues): Part {
  const own = { id: id.trim(), component_class: component_class.trim(), supplied_by, kind };
  return { ...own, ...given({ parent, serial, installed_on }) };
}
