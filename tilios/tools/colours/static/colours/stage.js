// The keyboard of the meeting room, its timer, full screen. Every button works without this file.
const stage = document.querySelector("[data-stage]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  const key = event.key === " " || event.key === "PageDown" ? "ArrowRight" : event.key === "PageUp" ? "ArrowLeft" : event.key;
  if (key === "ArrowRight" && event.key === " " && event.target.closest("button, a")) return; // the space presses them
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  const button = [...stage.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted);
  if (!button) return;
  event.preventDefault();
  button.click();
});

stage.addEventListener("click", ({ target }) => {
  if (!target.closest("[data-fullscreen]")) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
});

function tick() {
  const timer = stage.querySelector("[data-ends]");
  if (!timer) return;
  const left = Math.max(0, Math.round((new Date(timer.dataset.ends) - Date.now()) / 1000));
  timer.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  timer.classList.toggle("is-over", left === 0);
}
setInterval(tick, 500);
document.body.addEventListener("htmx:afterSwap", tick);
tick();
