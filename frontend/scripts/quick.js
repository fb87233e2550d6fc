// Quick results under the search field: arrows move through them, Escape closes. htmx fetches them as one types.
const form = () => document.querySelector("form.search");

document.addEventListener("keydown", (event) => {
  const search = event.target.closest?.("form.search");
  if (!search) return;
  if (event.key === "Escape") {
    const field = search.querySelector("[data-search-field]");
    search.querySelector(".quick-panel")?.replaceChildren();
    field.focus();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [search.querySelector("[data-search-field]"), ...search.querySelectorAll(".quick a, .quick button")];
  const at = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (stops.length < 2 || at < 0) return;
  stops[at % stops.length].focus();
  event.preventDefault();
});

// An emptied field asks for nothing: what hung under it goes.
document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-search-field]") && !target.value.trim()) form()?.querySelector(".quick-panel")?.replaceChildren();
});
