import { linesOf } from "../../lib/lines";
import type { CustomerFile } from "./customers";

/** The contact as it is filled in: a number a line. */
export interface Values {
  name: string;
  phones: string;
  address: string;
}

export function valuesOf({ name, phones, address }: CustomerFile): Values {
  return { name: name ?? "", phones: phones?.map(({ typed }) => typed).join("\n") ?? "", address: address ?? "" };
}

/** What the form changes of the contact that was read; what is as it was is left out. */
export function changesOf(customer: CustomerFile, values: Values) {
  const before = valuesOf(customer);
  const phones = linesOf(values.phones);
  return {
    ...(values.name.trim() !== before.name && { name: values.name.trim() }),
    ...(phones.join("\n") !== before.phones && { phones }),
    ...(values.address.trim() !== before.address && { address: values.address.trim() }),
  };
}
