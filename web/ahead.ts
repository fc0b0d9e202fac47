import { readFileSync, writeFileSync } from "node:fs";
import type { Plugin } from "vite";

const DIST = "dist";
/** Pages that people keep open, and begin with, by their addresses. */
const PAGES = { "/tickets": "src/console/queue/Queue.tsx", "/board": "src/console/dispatch/Board.tsx" };

interface Chunk {
  file: string;
  imports?: string[];
  css?: string[];
}
type Manifest = Record<string, Chunk>;

/** Lets the console's document ask at once for what the page at its address needs, beside what every page needs. */
export function ahead(): Plugin {
  return {
    name: "ahead",
    apply: "build",
    writeBundle() {
      const manifest = JSON.parse(readFileSync(`${DIST}/.vite/manifest.json`, "utf8")) as Manifest;
      const document = readFileSync(`${DIST}/index.html`, "utf8");
      const files = Object.entries(PAGES).map(([address, module]) => {
        const needed = [...filesOf(manifest, module)].map((file) => `/${file}`);
        return [address, needed.filter((file) => !document.includes(file))];
      });
      const script = `<script nonce="__NONCE__">(${ask})(${JSON.stringify(Object.fromEntries(files))})</script>`;
      writeFileSync(
        `${DIST}/index.html`,
        document.replace("</head>", () => `  ${script}\n  </head>`),
      );
    },
  };
}

/** Runs in the browser, from its own text. */
function ask(files: Record<string, string[]>): void {
  for (const file of files[location.pathname] ?? []) {
    const link = document.createElement("link");
    const isStyle = file.endsWith(".css");
    Object.assign(link, { rel: isStyle ? "preload" : "modulepreload", crossOrigin: "", href: file });
    if (isStyle) link.as = "style";
    document.head.append(link);
  }
}

/** A chunk and all that it imports at once. */
function filesOf(manifest: Manifest, name: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || seen.has(chunk.file)) return seen;
  for (const file of [chunk.file, ...(chunk.css ?? [])]) seen.add(file);
  for (const next of chunk.imports ?? []) filesOf(manifest, next, seen);
  return seen;
}
