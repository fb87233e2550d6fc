// SECURITY: nothing of a person stays on a shared machine after they sign out, from whatever page they do.

// What live texts keep on the device begins so (documents/device.js).
export const PREFIX = "tilios-text:";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.('form[action*="logout"]') || !window.indexedDB?.databases) return;
  event.preventDefault();
  document.dispatchEvent(new CustomEvent("tilios:signing-out"));
  const all = await indexedDB.databases().catch(() => []);
  await Promise.all(all.filter(({ name }) => name?.startsWith(PREFIX)).map(({ name }) => erased(name)));
  form.submit();
});

// An open page of a text may hold on to its words for a moment: signing out does not wait for it.
function erased(name) {
  return new Promise((resolve) => {
    const asked = indexedDB.deleteDatabase(name);
    asked.onsuccess = asked.onerror = asked.onblocked = resolve;
  });
}
