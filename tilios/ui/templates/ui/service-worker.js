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

// What the server tells. A browser that is told must show something, even when it understands nothing.
self.addEventListener("push", (event) => {
  event.waitUntil(shown(read(event.data)));
});

function read(data) {
  try {
    return data.json() ?? {};
  } catch {
    return {};
  }
}

function shown({ title = "Tilios", body = "", url = "/", tag = "", lang = "" }) {
  return self.registration.showNotification(title, {
    body,
    lang,
    tag,
    renotify: Boolean(tag),
    icon: "{% static 'ui/brand/icon-192.png' %}",
    data: { url: ownAddress(url) },
  });
}

// SECURITY: a notification leads to a page of this server, whatever it says.
function ownAddress(url) {
  try {
    const asked = new URL(url, self.location.origin);
    return asked.origin === self.location.origin ? asked.href : `${self.location.origin}/`;
  } catch {
    return `${self.location.origin}/`;
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(ownAddress(event.notification.data?.url)));
});

// The window that shows the page already, else a new one.
async function opened(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windows.find((one) => one.url.split("#")[0] === url.split("#")[0]);
  return open ? open.focus() : self.clients.openWindow(url);
}

// The browser has changed its subscription by itself: the server is told the new one.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renewed());
});

async function renewed() {
  const address = "{{ subscription_url|escapejs }}";
  const answer = await fetch(address, { credentials: "same-origin", redirect: "error" });
  const { key, token } = await answer.json();
  const found =
    (await self.registration.pushManager.getSubscription()) ??
    (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  await fetch(address, {
    method: "POST",
    credentials: "same-origin",
    redirect: "error",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify(found),
  });
}
