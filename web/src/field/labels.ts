import { labelling, shared } from "../lib/labels";

export const { useLabel, codes } = labelling(shared);
