// The application on the device: offline page, and a button to install it where the browser offers it.
const worker = document.querySelector('meta[name="service-worker"]')?.content;
if (worker && "serviceWorker" in navigator) {
  window.addEventListener("load", () => navigator.serviceWorker.register(worker).catch(() => {}));
}

let offer;
window.addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  document.querySelectorAll("[data-install]").forEach((button) => (button.hidden = false));
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-install]");
  if (!button || !offer) return;
  offer.prompt();
  offer = undefined;
  button.hidden = true;
});
