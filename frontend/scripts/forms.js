// [data-autosubmit] filters, [data-guard] unsaved work, [data-copy], [data-autofocus] and the choice of a theme.
const WAIT_MS = 400;
let waiting;

function submitSoon(form, delay) {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), delay);
}
document.addEventListener("change", ({ target }) => {
  const form = target.form?.closest("[data-autosubmit]");
  if (form) submitSoon(form, 0);
  if (target.matches("[data-theme-choice]")) document.documentElement.dataset.theme = target.value;
});
document.addEventListener("input", ({ target }) => {
  const guarded = target.form?.closest("form[data-guard]");
  if (guarded) guarded.dataset.guard = "changed";
  const form = target.form?.closest("[data-autosubmit][hx-get]");
  if (form && target.matches('[type="search"], [type="text"]')) submitSoon(form, WAIT_MS);
});

document.addEventListener("submit", ({ target }) => {
  if ("guard" in target.dataset) target.dataset.guard = "";
});
window.addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-guard="changed"]')) event.preventDefault();
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy], [data-copy-from]");
  if (button) {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? (source.value ?? source.textContent) : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return source?.select?.();
    }
    const label = button.querySelector("span") ?? button;
    const before = label.textContent;
    button.setAttribute("aria-live", "polite");
    label.textContent = button.dataset.copied ?? before;
    setTimeout(() => (label.textContent = before), 2500);
  }
  if (target.closest("[data-reload]")) location.reload();
  if (target.closest("[data-print]")) print();
});

// A refused form says so at its head: go there, so that it is read.
function attend(root) {
  root.querySelector?.("[data-autofocus]:not([data-quiet] *)")?.focus();
}
document.addEventListener("htmx:load", ({ target }) => attend(target));
attend(document);
