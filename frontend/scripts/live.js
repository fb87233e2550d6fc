// A page that follows what happens: an element with data-live="address" hears of changes and says "live:changed".
// What is then asked for again is the page's own affair (hx-trigger="live:changed from:body, every 20s").
const CALM_MS = 800; // at most so often, each device at a moment of its own: a hundred phones do not ask at once

function follow(element) {
  const stream = new EventSource(element.dataset.live);
  let waiting = false;
  let opened = false;
  const tell = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      element.dispatchEvent(new CustomEvent("live:changed", { bubbles: true }));
    }, Math.random() * CALM_MS);
  };
  stream.addEventListener("changed", tell);
  stream.addEventListener("open", () => {
    if (opened) tell(); // what happened while the line was cut
    opened = true;
  });
  window.addEventListener("pagehide", () => stream.close(), { once: true });
}

document.querySelectorAll("[data-live]").forEach(follow);
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) document.querySelectorAll("[data-live]").forEach(follow);
});
