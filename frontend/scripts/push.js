// Being told on this device: asked only when somebody presses the button, never when a page opens.
const block = document.querySelector("[data-push]");
const isApple = /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const isSupported = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

// The subscription this browser has, if any.
async function subscription() {
  const registration = await navigator.serviceWorker?.getRegistration();
  return registration?.pushManager?.getSubscription();
}

// SECURITY: what is told to one person must not show up in front of the next.
export async function unsubscribe() {
  const found = await subscription().catch(() => null);
  return found?.unsubscribe().catch(() => false);
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

// A subscription holds for one server's key: that of a server that has changed its own is of no use.
function isFor(found, key) {
  const its = new Uint8Array(found.options.applicationServerKey ?? []);
  return its.length === key.length && its.every((byte, place) => byte === key[place]);
}

async function subscribe() {
  if ((await Notification.requestPermission()) !== "granted") return say("denied");
  const key = bytes(block.dataset.key);
  const { pushManager } = await navigator.serviceWorker.ready;
  let found = await pushManager.getSubscription();
  if (found && !isFor(found, key)) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const answer = await fetch(block.dataset.url, {
    method: "POST",
    redirect: "error",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(found),
  });
  if (answer.status === 201) return location.reload();
  const { message } = await answer.json();
  show(message);
}

function say(name) {
  show(block.dataset[name]);
}

function show(sentence) {
  const place = block.querySelector("[data-push-state]");
  place.textContent = sentence;
  block.hidden = place.hidden = false;
}

async function begin() {
  if (!isSupported) return say(isApple ? "iphone" : "unsupported");
  if (Notification.permission === "denied") return say("denied");
  if (block.dataset.here && (await subscription())) return;
  const button = block.querySelector("[data-push-on]");
  block.hidden = button.parentElement.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    await subscribe().catch(() => say("failed"));
    button.disabled = false;
  });
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("[data-push-forget]")) return;
  event.preventDefault();
  await unsubscribe();
  form.submit();
});

if (block) begin();
