/** Digits that stay at the end, and at most as many before what is hidden. */
const [END, BEGIN] = [4, 3];

/** `138****0000`: enough to know a number again, not enough to call it. */
export function masked(typed: string): string {
  const digits = typed.replace(/\D/g, "");
  const begin = Math.min(BEGIN, Math.max(0, digits.length - 2 * END));
  return `${digits.slice(0, begin)}****${digits.length > END ? digits.slice(-END) : ""}`;
}
