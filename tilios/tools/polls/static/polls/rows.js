// Rows of options: add and remove without asking the server. The page works without this file.
const rows = document.querySelector("[data-rows]");
const template = document.querySelector("[data-row-template]");
const total = document.querySelector('[name$="-TOTAL_FORMS"]');

function addRow() {
  const number = Number(total.value);
  const holder = document.createElement("div");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", String(number));
  const row = holder.firstElementChild;
  total.value = String(number + 1);
  rows.append(row);
  return row;
}

const isRemoved = (row) => row.hidden;

// A row removed stays in the form, marked: the server forgets its option.
function removeRow(row) {
  row.hidden = true;
  const box = row.querySelector('[name$="-DELETE"]');
  if (box) box.checked = true;
  rows.dispatchEvent(new CustomEvent("rows"));
}

window.pollRows = {
  add: addRow,
  remove: removeRow,
  all: () => [...rows.querySelectorAll("[data-row]")].filter((row) => !isRemoved(row)),
  root: rows,
};

function dress(row) {
  const box = row.querySelector("[data-delete]");
  if (!box || box.dataset.dressed) return;
  box.dataset.dressed = "yes";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--small button--plain button--danger";
  button.textContent = box.textContent.trim();
  button.addEventListener("click", () => removeRow(row));
  box.hidden = true;
  box.after(button);
}

if (rows && template && total) {
  rows.querySelectorAll("[data-row]").forEach(dress);
  new MutationObserver((changes) => {
    for (const change of changes) change.addedNodes.forEach((node) => node.matches?.("[data-row]") && dress(node));
  }).observe(rows, { childList: true });
  document.querySelector("[data-add-row]")?.addEventListener("click", (event) => {
    event.preventDefault();
    addRow().querySelector("input:not([type=hidden])")?.focus();
  });
}

// Settings that only make sense with one answer are shown with it.
for (const name of ["ballot", "electorate", "method", "formal"]) {
  const show = () => {
    const chosen = document.querySelector(`[name="${name}"]:checked`)?.value;
    document.querySelectorAll(`[data-when-${name}]`).forEach((part) => {
      part.hidden = !part.getAttribute(`data-when-${name}`).split(" ").includes(chosen);
    });
  };
  document.querySelectorAll(`[name="${name}"]`).forEach((input) => input.addEventListener("change", show));
  show();
}
