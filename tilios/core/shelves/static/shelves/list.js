// A list of files as people know it from their computer: choose with the keyboard or the mouse, drag into a folder.
// Everything works without it, by the boxes and the buttons.

const select = (row, chosen) => {
  const box = row.querySelector("input[name=choix]");
  if (!box) return;
  box.checked = chosen;
  row.classList.toggle("is-chosen", chosen);
};

function begin(form) {
  if (form.dataset.ready) return;
  form.dataset.ready = "1";
  const rows = () => [...form.querySelectorAll("[data-item]")];
  const chosen = () => rows().filter((row) => row.querySelector("input[name=choix]:checked"));
  const bar = form.querySelector("[data-selection-bar]");
  let last = null;

  const show = () => {
    const count = chosen().length;
    bar?.classList.toggle("is-needed", count > 0);
    const said = form.querySelector("[data-selected-count]");
    if (said) said.textContent = count;
    const all = form.querySelector("[data-select-all]");
    if (all) {
      all.checked = count > 0 && count === rows().length;
      all.indeterminate = count > 0 && count < rows().length;
    }
  };
  for (const row of rows()) select(row, Boolean(row.querySelector("input[name=choix]:checked")));
  show();

  form.addEventListener("change", ({ target }) => {
    if (target.matches("[data-select-all]")) rows().forEach((row) => select(row, target.checked));
    const row = target.closest("[data-item]");
    if (row) select(row, target.checked);
    show();
  });
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-select-none]")) {
      rows().forEach((row) => select(row, false));
      show();
    }
    const box = event.target.closest("input[name=choix]");
    if (!box) return;
    const here = rows().indexOf(box.closest("[data-item]"));
    if (event.shiftKey && last !== null) {
      const [from, to] = [Math.min(last, here), Math.max(last, here)];
      rows().slice(from, to + 1).forEach((row) => select(row, box.checked));
      show();
    }
    last = here;
  });

  // Keys, once the list has the focus.
  const links = () => rows().map((row) => row.querySelector("a[href]")).filter(Boolean);
  form.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=checkbox]), textarea, select, [role=menu] *, .menu *")) return;
    const row = event.target.closest("[data-item]");
    const place = row ? rows().indexOf(row) : -1;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const next = links()[Math.max(0, Math.min(links().length - 1, place + step))];
      if (event.shiftKey && row) select(row, true);
      next?.focus();
      if (event.shiftKey && next) select(next.closest("[data-item]"), true);
    } else if (event.key === "Home" || event.key === "End") {
      links().at(event.key === "Home" ? 0 : -1)?.focus();
    } else if (event.key === " " && row && event.target.matches("a")) {
      select(row, !row.classList.contains("is-chosen"));
    } else if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      rows().forEach((one) => select(one, true));
    } else if (event.key === "Escape" && chosen().length) {
      rows().forEach((one) => select(one, false));
    } else if (event.key === "Delete") {
      const button = form.querySelector("[data-throw]");
      if (!button) return;
      if (row && !chosen().length) select(row, true);
      if (chosen().length) form.requestSubmit(button);
    } else if (event.key === "F2" && row) {
      row.querySelector("a[href$='/renommer/']")?.click();
    } else return;
    event.preventDefault();
    show();
  });

  // Drag things of the list into a folder of the list.
  let dragged = [];
  for (const row of rows()) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      if (!row.classList.contains("is-chosen")) {
        rows().forEach((one) => select(one, false));
        select(row, true);
        show();
      }
      dragged = chosen();
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", dragged.length);
    });
    row.addEventListener("dragend", () => {
      dragged = [];
    });
    if (!("folder" in row.dataset)) continue;
    const takes = () => dragged.length && !dragged.includes(row);
    row.addEventListener("dragover", (event) => {
      if (!takes()) return;
      event.preventDefault();
      row.classList.add("is-target");
    });
    row.addEventListener("dragleave", () => row.classList.remove("is-target"));
    row.addEventListener("drop", (event) => {
      row.classList.remove("is-target");
      if (!takes()) return;
      event.preventDefault();
      const move = document.createElement("form");
      move.method = "post";
      move.action = form.dataset.placeUrl;
      const put = (name, value) => {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        move.append(field);
      };
      put("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
      put("faire", "deplacer");
      put("dans", row.dataset.item);
      put("pris", "both");
      for (const one of dragged) put("choix", one.dataset.item);
      document.body.append(move);
      move.submit();
    });
  }
}

// Files of the computer dropped anywhere on the page go to the form that sends them.
const sender = document.querySelector("tilios-uploader");
if (sender) {
  const page = document.querySelector("main");
  const brings = (event) => event.dataTransfer?.types.includes("Files") && !sender.contains(event.target);
  page.addEventListener("dragover", (event) => {
    if (!brings(event)) return;
    event.preventDefault();
    page.classList.add("is-dropping");
  });
  page.addEventListener("dragleave", (event) => {
    if (!page.contains(event.relatedTarget)) page.classList.remove("is-dropping");
  });
  page.addEventListener("drop", (event) => {
    page.classList.remove("is-dropping");
    if (!brings(event)) return;
    event.preventDefault();
    document.querySelector("[popovertarget=send]")?.click();
    sender.querySelector(".uploader-drop").dispatchEvent(
      new DragEvent("drop", { dataTransfer: event.dataTransfer, bubbles: true, cancelable: true }),
    );
  });
}

document.documentElement.classList.add("has-script");
const all = () => document.querySelectorAll("form[data-selection]").forEach(begin);
document.addEventListener("htmx:load", all);
all();
// A new name: its stem is selected, its extension stays.
const renamed = document.querySelector("[data-select-to]");
renamed?.focus();
renamed?.setSelectionRange(0, Number(renamed.dataset.selectTo));
