// Messages of the server; the answer to an htmx request may add one: HX-Trigger: {"toast": {"text": "…", "tone": "…"}}.
import { fromTemplate } from "./words.js";

const STAYS_MS = 8000;

export function toast(text, tone = "info") {
  const element = fromTemplate("ui-toast");
  const place = document.getElementById("toasts");
  if (!element || !place || !text) return;
  element.classList.add(`toast--${tone}`);
  element.querySelector('[data-slot="text"]').textContent = text;
  element.toggleAttribute("data-fades", tone !== "danger");
  place.append(element);
  fade(element);
}

function fade(element) {
  if (!element.hasAttribute("data-fades")) return;
  // Nobody loses a message they are reading: it waits while it is pointed at or focused.
  setTimeout(() => (element.matches(":hover, :focus-within") ? fade(element) : element.remove()), STAYS_MS);
}

document.addEventListener("click", ({ target }) => {
  target.closest("[data-dismiss]")?.closest(".toast")?.remove();
});
document.addEventListener("toast", ({ detail }) => toast(detail.text ?? detail.value, detail.tone));
document.addEventListener("htmx:oobAfterSwap", () => document.querySelectorAll(".toast").forEach(fade));
document.querySelectorAll(".toast").forEach(fade);
