{% load static %}// Keeps the offline page only: what people read and write is never left in a cache.
const KEPT = [
  "{{ offline_url|escapejs }}",
  "{% static 'ui/build/tilios.css' %}",
  "{% static 'ui/build/tilios.js' %}",
  "{% static 'ui/build/icons.svg' %}",
  "{% static 'ui/brand/mark.svg' %}",
];
// A new build has new addresses: the name of the cache follows them.
const CACHE = "tilios-" + KEPT.join("|");

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(KEPT[0])));
  } else if (KEPT.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
