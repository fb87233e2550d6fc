// Move an event with the mouse: pull it to another hour or day, or pull its lower edge to make it longer.
// The form of the event does the same with the keyboard and on a phone.
const frame = document.querySelector("[data-draw]");
const form = document.querySelector("[data-moving]");
const EDGE = 8; // pixels of the lower edge by which a box is made longer
const FAR = 5; // pixels after which a press is no click any more
const QUARTER = 15; // minutes
let held = null;

const under = (event, wanted) =>
  document.elementsFromPoint(event.clientX, event.clientY).map((one) => one.closest(wanted)).find(Boolean);
const dayUnder = (event) => {
  const column = under(event, ".hours-day")?.querySelector(".hours-boxes") ?? under(event, ".month-day");
  return column && frame.contains(column) ? column : null;
};
const daysBetween = (from, to) => Math.round((Date.parse(to.dataset.day) - Date.parse(from.dataset.day)) / 86400000);
const numberIn = (box, start) =>
  Number([...box.classList].find((name) => name.startsWith(start))?.slice(start.length) ?? 0);

function renumber(box, start, number) {
  box.classList.remove(`${start}${numberIn(box, start)}`);
  box.classList.add(`${start}${number}`);
}

function take(event, link) {
  const box = link.closest(".hours-boxes > li");
  const day = dayUnder(event);
  const isListed = box && getComputedStyle(box.parentElement).gridAutoRows === "auto"; // on a narrow screen
  if (!day || isListed) return;
  const edge = link.getBoundingClientRect().bottom;
  held = {
    link,
    box,
    day,
    x: event.clientX,
    y: event.clientY,
    moved: false,
    longer: Boolean(box) && edge - event.clientY <= EDGE,
    at: box && numberIn(box, "at-"),
    size: box && numberIn(box, "for-"),
    parent: box?.parentElement,
    next: box?.nextSibling,
    days: 0,
    quarters: 0,
  };
}

function follow(event) {
  const day = dayUnder(event) ?? held.day;
  if (held.box) {
    const grid = held.parent.getBoundingClientRect();
    const count = Math.round(grid.height / 12);
    const pulled = Math.round((event.clientY - held.y) / (grid.height / count));
    if (held.longer) {
      held.quarters = Math.min(Math.max(pulled, 1 - held.size), count + 1 - held.at - held.size);
      renumber(held.box, "for-", held.size + held.quarters);
      return;
    }
    held.quarters = Math.min(Math.max(pulled, 1 - held.at), Math.max(count + 1 - held.at - held.size, 0));
    renumber(held.box, "at-", held.at + held.quarters);
    if (held.box.parentElement !== day && day.classList.contains("hours-boxes")) day.append(held.box);
  } else {
    frame.querySelectorAll(".is-aimed").forEach((one) => one.classList.remove("is-aimed"));
    day.classList.add("is-aimed");
  }
  held.days = daysBetween(held.day, day);
}

function letGo() {
  if (held.box) {
    renumber(held.box, "at-", held.at);
    renumber(held.box, "for-", held.size);
    held.parent.insertBefore(held.box, held.next);
  }
  frame.querySelectorAll(".is-aimed").forEach((one) => one.classList.remove("is-aimed"));
  document.documentElement.classList.remove("is-pulling");
  held.link.classList.remove("is-held");
  held = null;
}

function send() {
  const values = {
    etag: held.link.dataset.etag,
    jours: held.longer ? 0 : held.days,
    minutes: held.longer ? 0 : held.quarters * QUARTER,
    duree: held.longer ? held.quarters * QUARTER : 0,
  };
  if (!held.days && !held.quarters) return letGo();
  for (const [name, value] of Object.entries(values)) form.elements.namedItem(name).value = value;
  form.action = held.link.dataset.move;
  document.documentElement.classList.remove("is-pulling");
  held = null;
  form.submit();
}

function begin() {
  frame.addEventListener("pointerdown", (event) => {
    const link = event.target.closest("[data-move]");
    if (!link || event.button !== 0 || event.pointerType === "touch") return;
    take(event, link);
  });
  frame.addEventListener("dragstart", (event) => event.target.closest("[data-move]") && event.preventDefault());
  document.addEventListener("pointermove", (event) => {
    if (!held) return;
    if (!held.moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    if (!held.moved) {
      held.moved = true;
      held.link.classList.add("is-held");
      document.documentElement.classList.add("is-pulling");
    }
    follow(event);
  });
  let pulled = false; // the click that ends a pull opens no page
  document.addEventListener("pointerup", () => {
    if (!held) return;
    pulled = held.moved;
    if (held.moved) send();
    else held = null;
  });
  document.addEventListener("pointercancel", () => held && letGo());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !held) return;
    event.preventDefault();
    pulled = true;
    letGo();
  });
  document.addEventListener(
    "click",
    (event) => {
      if (pulled && event.detail > 0) event.preventDefault();
      pulled = false;
    },
    true,
  );
}

if (frame && form) begin();
