// One key an answer, and on to the next. Without this file, each cell is a list to choose from.
const cells = [...document.querySelectorAll("[data-key-cell]")];
const next = document.querySelector("[data-key-next]");

function paint(cell) {
  cell.className = cell.selectedOptions[0]?.dataset.css ?? "";
  if (!cell.className) cell.removeAttribute("class");
}

function go(cell, step) {
  const place = cells.indexOf(cell) + step;
  (cells[place] ?? (step > 0 ? next : cells[0]))?.focus();
}

function press(event) {
  const cell = event.target;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const option = [...cell.options].find((one) => one.dataset.key === event.key.toLowerCase());
  if (option || event.key === " ") {
    event.preventDefault();
    cell.value = option ? option.value : "";
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    go(cell, 1);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    go(cell, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    next?.click();
  }
}

for (const cell of cells) {
  paint(cell);
  cell.addEventListener("change", () => paint(cell));
  cell.addEventListener("keydown", press);
}
// Keys are for who has a keyboard: on a phone the page stays at its top.
if (!document.querySelector(".error-summary") && matchMedia("(pointer: fine)").matches) cells[0]?.focus();
