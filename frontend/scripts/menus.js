// A menu is a <details data-menu>: close it with Escape, by a click outside, or by opening another.
const open = () => [...document.querySelectorAll("details[data-menu][open]")];

document.addEventListener("click", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
});
document.addEventListener("focusin", ({ target }) => {
  for (const menu of open()) if (!menu.contains(target) && target !== document.body) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]") ?? open().at(-1);
  if (!menu) return;
  if (event.key === "Escape") {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const items = [...menu.querySelectorAll("summary ~ * :is(a, button)")].filter((item) => item.offsetParent);
    if (!items.length || event.target.matches("input, textarea, select")) return;
    const at = items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    items.at(at < 0 ? -1 : at % items.length).focus();
    event.preventDefault();
  }
});
