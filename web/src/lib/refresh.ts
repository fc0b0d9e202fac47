/** Milliseconds after which a page asks again for what may have changed meanwhile. */
export const EVERY = 30_000;
