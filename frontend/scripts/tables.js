// `table--cards` shows each cell with the head of its column on a phone; and stays a table for screen readers.
function label(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
  table.setAttribute("role", "table");
  for (const section of [table.tHead, ...table.tBodies, table.tFoot]) section?.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    for (const cell of row.cells) {
      if (cell.tagName === "TD") {
        cell.setAttribute("role", "cell");
        if (!("label" in cell.dataset) && heads[cell.cellIndex]) cell.dataset.label = heads[cell.cellIndex];
      } else cell.setAttribute("role", cell.closest("thead") ? "columnheader" : "rowheader");
    }
  }
}
const all = (root) => root.querySelectorAll?.("table.table--cards").forEach(label);
document.addEventListener("htmx:load", ({ target }) => all(target));
all(document);
