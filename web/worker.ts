import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Plugin } from "vite";

const DIST = "dist";
const PAGE = "field/index.html";

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
  assets?: string[];
}
type Manifest = Record<string, Chunk>;

/** Writes the phone's service worker: it keeps the page with all that the page loads, at once or later, under a name made of their content. */
export function worker(): Plugin {
  return {
    name: "worker",
    apply: "build",
    writeBundle() {
      bare();
      const files = [
        PAGE,
        ...loadedBy(JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, "utf8")) as Manifest, PAGE),
      ];
      const hash = createHash("sha256");
      for (const file of files) hash.update(readFileSync(`${DIST}/${file}`));
      const written = readFileSync("field/sw.js", "utf8")
        .replace("__VERSION__", hash.digest("hex").slice(0, 12))
        .replace("__FILES__", JSON.stringify(files.map((file) => `/${file}`)));
      writeFileSync(`${DIST}/field/sw.js`, written);
    },
  };
}

/** A page that is kept has no nonce: it would be an old one, and nothing here writes styles at run time. */
function bare(): void {
  const path = `${DIST}/${PAGE}`;
  const page = readFileSync(path, "utf8");
  writeFileSync(path, page.replace(/\s*<meta property="csp-nonce"[^>]*>/, "").replaceAll(' nonce="__NONCE__"', ""));
}

/** The files of a chunk and of all that it imports. */
function loadedBy(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) seen.add(file);
  for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) loadedBy(manifest, next, seen);
  return seen;
}
