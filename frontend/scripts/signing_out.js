// SECURITY: nothing of a person stays on a shared machine after they sign out, from whatever page they do.
import { unsubscribe } from "./push.js";

// What live texts keep on the device begins so (documents/device.js).
export const PREFIX = "tilios-text:";
const MOST_MS = 3000; // the server has forgotten the device anyway

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.('form[action*="logout"]')) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("tilios:signing-out"));
  const late = new Promise((resolve) => setTimeout(resolve, MOST_MS));
  await Promise.all([erasedTexts(), Promise.race([unsubscribe(), late])]);
  form.submit();
});

async function erasedTexts() {
  const all = (await window.indexedDB?.databases?.().catch(() => [])) ?? [];
  return Promise.all(all.filter(({ name }) => name?.startsWith(PREFIX)).map(({ name }) => erased(name)));
}

// An open page of a text may hold on to its words for a moment: signing out does not wait for it.
function erased(name) {
  return new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}
