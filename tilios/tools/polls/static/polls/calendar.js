// A month to tap in: each day tapped is a row of the form, tapped again it goes. Keyboard: arrows, Page Up and Down.
const calendar = document.querySelector("[data-calendar]");
const language = document.documentElement.lang || "fr";
const words = calendar?.dataset;
const twoDigits = (number) => String(number).padStart(2, "0");
const iso = (day) => `${day.getFullYear()}-${twoDigits(day.getMonth() + 1)}-${twoDigits(day.getDate())}`;
const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
const today = new Date();
let month = new Date(today.getFullYear(), today.getMonth(), 1);
let focused = iso(today);

const rowsOf = (day) => window.pollRows.all().filter((row) => field(row, "day").value === day);
const isEmpty = (row) => !field(row, "day").value && !field(row, "start").value && !field(row, "end").value;

function toggle(day) {
  const there = rowsOf(day);
  if (there.length) {
    there.forEach(window.pollRows.remove);
  } else {
    // The hours of the last day are most often those of the next.
    const before = window.pollRows.all().filter((row) => field(row, "day").value).at(-1);
    const row = window.pollRows.all().find(isEmpty) ?? window.pollRows.add();
    field(row, "day").value = day;
    if (before) for (const name of ["start", "end"]) field(row, name).value = field(before, name).value;
  }
  tidy();
  draw();
}

// Rows stand in the order of time; empty ones wait out of sight.
function tidy() {
  const key = (row) => `${field(row, "day").value || "9"} ${field(row, "start").value}`;
  const sorted = window.pollRows.all().sort((one, other) => key(one).localeCompare(key(other)));
  sorted.forEach((row) => window.pollRows.root.append(row));
}

function copyHours() {
  const filled = window.pollRows.all().filter((row) => field(row, "day").value);
  const days = [...new Set(filled.map((row) => field(row, "day").value))];
  const model = days.map(rowsOf).find((found) => found.some((row) => field(row, "start").value));
  if (!model) return;
  const hours = model
    .filter((row) => field(row, "start").value)
    .map((row) => [field(row, "start").value, field(row, "end").value]);
  for (const day of days) {
    const there = rowsOf(day);
    hours.forEach(([start, end], place) => {
      const row = there[place] ?? window.pollRows.add();
      field(row, "day").value = day;
      field(row, "start").value = start;
      field(row, "end").value = end;
    });
    there.slice(hours.length).forEach(window.pollRows.remove);
  }
  tidy();
}

function button(label, icon, step) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--plain button--icon";
  made.setAttribute("aria-label", label);
  made.textContent = icon;
  made.addEventListener("click", () => {
    month = new Date(month.getFullYear(), month.getMonth() + step, 1);
    draw();
    calendar.querySelectorAll("button")[step < 0 ? 0 : 1].focus();
  });
  return made;
}

function draw() {
  const head = document.createElement("div");
  head.className = "calendar-head";
  const name = document.createElement("span");
  name.className = "calendar-month";
  name.setAttribute("aria-live", "polite");
  name.textContent = month.toLocaleDateString(language, { month: "long", year: "numeric" });
  head.append(button(words.previous, "‹", -1), name, button(words.next, "›", 1));
  const grid = document.createElement("div");
  grid.className = "calendar-grid";
  for (let index = 1; index <= 7; index += 1) {
    const letter = document.createElement("span");
    letter.setAttribute("aria-hidden", "true");
    letter.textContent = new Date(2024, 0, index).toLocaleDateString(language, { weekday: "short" });
    grid.append(letter);
  }
  const first = (month.getDay() + 6) % 7;
  const days = new Date(month.getFullYear(), month.getMonth() + 1, 0).getDate();
  for (let index = 0; index < first; index += 1) grid.append(document.createElement("i"));
  for (let number = 1; number <= days; number += 1) grid.append(dayButton(number));
  const hint = document.createElement("p");
  hint.className = "soft";
  hint.textContent = words.hint;
  calendar.replaceChildren(head, grid, hint);
}

function dayButton(number) {
  const date = new Date(month.getFullYear(), month.getMonth(), number);
  const day = iso(date);
  const made = document.createElement("button");
  made.type = "button";
  made.className = "calendar-day";
  made.classList.toggle("is-today", day === iso(today));
  made.textContent = String(number);
  made.dataset.day = day;
  made.setAttribute("aria-pressed", String(rowsOf(day).length > 0));
  made.setAttribute("aria-label", date.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" }));
  made.disabled = day < iso(today) && rowsOf(day).length === 0;
  made.addEventListener("click", () => {
    toggle(day);
    calendar.querySelector(`[data-day="${day}"]`)?.focus();
  });
  return made;
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
calendar?.addEventListener("keydown", (event) => {
  const from = event.target.dataset?.day;
  const step = STEPS[event.key];
  if (!from || !step) return;
  event.preventDefault();
  const [year, monthNumber, dayNumber] = from.split("-").map(Number);
  const to = new Date(year, monthNumber - 1, dayNumber + step);
  if (to.getMonth() !== month.getMonth()) {
    month = new Date(to.getFullYear(), to.getMonth(), 1);
    draw();
  }
  focused = iso(to);
  calendar.querySelector(`[data-day="${focused}"]:not(:disabled)`)?.focus();
});

if (calendar && window.pollRows) {
  calendar.hidden = false;
  document.querySelector("[data-copy-hours]")?.addEventListener("click", (event) => {
    event.preventDefault();
    copyHours();
    draw();
  });
  window.pollRows.root.addEventListener("change", draw);
  window.pollRows.root.addEventListener("rows", draw);
  // Days come from the calendar: empty lines would only be in the way.
  window.pollRows.all().filter(isEmpty).forEach((row) => row.remove());
  const chosen = window.pollRows.all().map((row) => field(row, "day").value).filter(Boolean).sort()[0];
  if (chosen) month = new Date(Number(chosen.slice(0, 4)), Number(chosen.slice(5, 7)) - 1, 1);
  draw();
}
