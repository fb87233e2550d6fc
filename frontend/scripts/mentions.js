// "@" in a comment proposes the people one may name. Without this file one types the name; the server finds it.
const WAIT_MS = 180;
const TYPED = /(?:^|[\s(«"'’])@([\p{L}\p{N}'’. -]{0,40})$/u;
let waiting;
let asked = 0;

function listOf(field) {
  let list = field.parentElement.querySelector(".mention-list");
  if (!list) {
    list = document.createElement("ul");
    list.className = "mention-list";
    list.id = `${field.id}-names`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    field.parentElement.classList.add("mention-field");
    field.after(list);
    field.setAttribute("aria-controls", list.id);
    field.setAttribute("aria-autocomplete", "list");
  }
  return list;
}

function close(field) {
  asked += 1;
  field.parentElement.querySelector(".mention-list")?.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}

async function propose(field) {
  const names = field.closest("[data-names]")?.dataset.names;
  const typed = TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];
  if (!names || typed === undefined) return close(field);
  const mine = (asked += 1);
  const answer = await fetch(`${names}?q=${encodeURIComponent(typed)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || mine !== asked) return;
  const list = listOf(field);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== asked) return;
  list.replaceChildren(...page.querySelectorAll("[data-name]"));
  select(field, list.firstElementChild);
}

function select(field, item) {
  for (const other of listOf(field).children) other.setAttribute("aria-selected", String(other === item));
  if (item) field.setAttribute("aria-activedescendant", item.id);
  else field.removeAttribute("aria-activedescendant");
}

function choose(field, item) {
  const end = field.selectionStart;
  const typed = TYPED.exec(field.value.slice(0, end))?.[1];
  if (typed !== undefined) field.setRangeText(`${item.dataset.name} `, end - typed.length, end, "end");
  close(field);
  field.focus();
}

document.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea[data-mentions]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => propose(target).catch(() => close(target)), WAIT_MS);
});
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-mentions]")) return;
  const items = [...(field.parentElement.querySelector(".mention-list")?.children ?? [])];
  if (!items.length) return;
  const at = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    select(field, items[(at + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length]);
  } else if (event.key === "Enter" || event.key === "Tab") {
    choose(field, items[Math.max(at, 0)]);
  } else if (event.key === "Escape") {
    close(field);
  } else return;
  event.preventDefault();
  event.stopPropagation();
});
// Before the field loses the focus: a click on a name chooses it.
document.addEventListener("pointerdown", (event) => {
  const item = event.target.closest?.(".mention-list > [data-name]");
  if (!item) return;
  event.preventDefault();
  choose(item.parentElement.parentElement.querySelector("textarea"), item);
});
document.addEventListener("focusout", ({ target }) => {
  if (target.matches?.("textarea[data-mentions]")) close(target);
});
