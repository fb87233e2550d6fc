// Draw an event with the mouse: press on a day, or on an hour, pull, let go; the form opens with these dates.
// The form is reached by a link everywhere else, so this adds nothing that the keyboard lacks.
const frame = document.querySelector("[data-draw]");
const twoDigits = (number) => String(number).padStart(2, "0");
const clock = (quarter) => `${twoDigits(Math.floor(quarter / 4))}:${twoDigits((quarter % 4) * 15)}`;

function open(values) {
  window.location.assign(`${frame.dataset.new}?${new URLSearchParams(values)}`);
}

function drawDays() {
  const days = [...frame.querySelectorAll("[data-day]")];
  let from = null;
  const chosen = (to) => {
    const [first, last] = [days.indexOf(from), days.indexOf(to)].sort((one, other) => one - other);
    return days.slice(first, last + 1);
  };
  const dayAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-day]");
  const paint = (some) => days.forEach((day) => day.classList.toggle("is-drawn", some.includes(day)));

  frame.addEventListener("pointerdown", (event) => {
    const day = event.target.closest("[data-day]");
    if (event.pointerType !== "mouse" || event.button !== 0 || !day || event.target.closest("a")) return;
    event.preventDefault();
    from = day;
    paint([day]);
  });
  document.addEventListener("pointermove", (event) => {
    const day = from && dayAt(event);
    if (day && frame.contains(day)) paint(chosen(day));
  });
  document.addEventListener("pointerup", (event) => {
    if (!from) return;
    const day = dayAt(event);
    const some = day && frame.contains(day) ? chosen(day) : [];
    from = null;
    if (some.length === 0) return paint([]);
    if (some.length === 1) return open({ jour: some[0].dataset.day });
    open({ jour: some[0].dataset.day, fin: some.at(-1).dataset.day, entier: "1" });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !from) return;
    from = null;
    paint([]);
  });
}

function drawHours() {
  const first = Number(frame.dataset.first) * 4;
  let drawn = null;
  const quarterAt = (column, event) => {
    const box = column.getBoundingClientRect();
    const count = Math.round(box.height / 12);
    return Math.min(Math.max(Math.floor(((event.clientY - box.top) / box.height) * count), 0), count - 1);
  };
  const ends = ({ from, to }) => [Math.min(from, to), Math.max(from, to) + 1];
  const paint = () => {
    const [start, end] = ends(drawn);
    drawn.box.className = `hours-drawn at-${start + 1} for-${end - start}`;
    drawn.box.textContent = `${clock(first + start)} – ${clock(first + end)}`;
  };

  frame.addEventListener("pointerdown", (event) => {
    const column = event.target.closest(".hours-boxes");
    if (event.pointerType !== "mouse" || event.button !== 0 || !column || event.target.closest("a")) return;
    event.preventDefault();
    const quarter = quarterAt(column, event) & ~1;
    drawn = { column, from: quarter, to: quarter + 1, moved: false, box: document.createElement("li") };
    drawn.box.setAttribute("aria-hidden", "true");
    column.append(drawn.box);
    paint();
  });
  document.addEventListener("pointermove", (event) => {
    if (!drawn) return;
    const quarter = quarterAt(drawn.column, event);
    drawn.moved ||= Math.abs(quarter - drawn.from) > 1;
    if (drawn.moved) drawn.to = quarter;
    paint();
  });
  document.addEventListener("pointerup", () => {
    if (!drawn) return;
    const [start, end] = drawn.moved ? ends(drawn) : [drawn.from, drawn.from + 4];
    const last = Math.min(first + end, 95);
    open({ jour: drawn.column.dataset.day, debut: clock(first + start), terme: clock(last) });
    drawn = null;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drawn) return;
    drawn.box.remove();
    drawn = null;
  });
}

if (frame?.dataset.draw === "days") drawDays();
if (frame?.dataset.draw === "hours") drawHours();
