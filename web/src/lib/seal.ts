/** What stays in the browser is sealed (AES-GCM) with a key that the gateway gives to its person alone. */
export interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  content: ArrayBuffer;
}

/** The key of a text that `/auth/me` answers, which no script can read again. */
export function keyOf(text: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("jwk", { kty: "oct", k: text }, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export async function seal(key: CryptoKey, value: unknown): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const words = new TextEncoder().encode(JSON.stringify(value));
  return { iv, content: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, words) };
}

/** What was sealed; undefined where another key did it, or none. */
export async function open<Value>(key: CryptoKey, { iv, content }: Sealed): Promise<Value | undefined> {
  try {
    const words = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, content);
    return JSON.parse(new TextDecoder().decode(words)) as Value;
  } catch {
    return undefined;
  }
}
