import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { worker } from "./worker.ts";

const ASSETS = "dist/assets";

/** Writes `.br` and `.gz` beside each asset, so that the server compresses nothing while it answers. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    writeBundle() {
      for (const name of readdirSync(ASSETS)) {
        const path = join(ASSETS, name);
        const bytes = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(bytes));
        writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

/** Where `npm run dev` finds the gateway: `GATEWAY_URL`, as .run/env has it. */
const gateway = process.env.GATEWAY_URL ?? "http://127.0.0.1:8106";

export default defineConfig({
  plugins: [react(), precompressed(), worker()],
  html: { cspNonce: "__NONCE__" },
  build: {
    target: "es2022",
    chunkSizeWarningLimit: 700,
    manifest: true,
    rolldownOptions: { input: ["index.html", "field/index.html"] },
  },
  server: { proxy: { "/api": gateway, "/auth": gateway, "/documents": gateway, "/events": gateway } },
});
