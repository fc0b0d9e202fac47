/** Keeps the phone's page and its files, so that every address below /field/ opens without a network. Nothing else passes here. */
const CACHE = "field-__VERSION__";
const FILES = __FILES__;
const PAGE = "/field/index.html";

async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((path) => new Request(path, { cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("field-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(path, request) {
  return (await caches.match(path, { cacheName: CACHE })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = request.mode === "navigate" ? PAGE : new URL(request.url).pathname;
  if (request.method === "GET" && FILES.includes(path)) event.respondWith(kept(path, request));
});
