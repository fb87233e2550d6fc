// One-key shortcuts, only where the person kept them (body[data-shortcuts], WCAG 2.1.4), never while writing.
const places = document.body.dataset;

function search() {
  const field = document.querySelector("[data-search-field]");
  if (field?.offsetParent) {
    field.focus();
    field.select();
  } else if (places.search) location.assign(places.search);
}

const keys = {
  "/": search,
  "?": () => document.querySelector("dialog#ui-shortcuts:not([open])")?.showModal(),
  c: () => {
    const menu = document.querySelector("[data-menu-create]");
    if (menu) {
      menu.open = true;
      menu.querySelector("a")?.focus();
    }
  },
  h: () => places.home && location.assign(places.home),
  n: () => places.notifications && location.assign(places.notifications),
};

document.addEventListener("keydown", (event) => {
  if (!("shortcuts" in places) || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return search();
  }
  const writing = event.target.closest?.('input, textarea, select, [contenteditable]:not([contenteditable="false"])');
  if (writing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const action = keys[event.key];
  if (action) {
    event.preventDefault();
    action();
  }
});
