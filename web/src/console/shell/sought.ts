/** Whether each word has two letters or three digits, as the service asks for. */
export function isSought(words: string): boolean {
  return words.trim().split(/\s+/).every(isLongEnough);
}

function isLongEnough(word: string): boolean {
  const letters = word.normalize("NFKC").replace(/[^\p{L}\p{N}\p{M}]/gu, "");
  return [...letters].length >= (/^\p{Nd}*$/u.test(letters) ? 3 : 2);
}
