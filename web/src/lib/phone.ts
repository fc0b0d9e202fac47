/** Digits of a number that is complete enough to look a customer up by: a landline without its area code has seven. */
const LEAST = 7;
const MOST = 15;

/** The digits to look for, without an extension; empty while the number is not complete. */
export function digitsOf(typed: string): string {
  const [number] = /^[0-9 +()-]*/.exec(typed.normalize("NFKC")) ?? [""];
  const digits = number.replace(/\D/g, "");
  return digits.length >= LEAST && digits.length <= MOST ? digits : "";
}

/** `138****0000`: the four digits before the last four are hidden, of a short number all but the last two. */
export function masked(typed: string): string {
  const digits = typed.replace(/\D/g, "");
  if (digits.length < LEAST + 1) return "*".repeat(Math.max(0, digits.length - 2)) + digits.slice(-2);
  return `${digits.slice(0, -8)}****${digits.slice(-4)}`;
}
