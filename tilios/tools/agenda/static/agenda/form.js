// Shows of the form of an event what the choices made so far need; without a script, all of it is there.
const form = document.querySelector("[data-event-form]");
const field = (name) => form.elements.namedItem(name);

function show() {
  const repeats = field("repeats").value;
  const ends = form.querySelector("[name=ends]:checked")?.value ?? "";
  form.querySelectorAll("[data-clock]").forEach((part) => (part.hidden = field("is_all_day").checked));
  form.querySelector("[data-repeats]").hidden = !repeats || repeats === "kept";
  form.querySelector("[data-weekly]").hidden = repeats !== "weekly";
  form.querySelectorAll("[data-ends]").forEach((part) => (part.hidden = part.dataset.ends !== ends));
}

// The end follows the start: a meeting that is moved keeps its length.
let from = field("start_day").value;
let at = field("start_time").value;
const minutes = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
const clock = (count) => `${String(Math.floor(count / 60)).padStart(2, "0")}:${String(count % 60).padStart(2, "0")}`;

form.addEventListener("change", ({ target }) => {
  if (target.name === "start_day" && target.value) {
    const end = field("end_day");
    const length = from && end.value ? new Date(end.value) - new Date(from) : 0;
    end.value = new Date(new Date(target.value).getTime() + Math.max(length, 0)).toISOString().slice(0, 10);
    from = target.value;
  }
  if (target.name === "start_time" && target.value) {
    const end = field("end_time");
    const length = at && end.value ? minutes(end.value) - minutes(at) : 60;
    const sameDay = field("end_day").value === field("start_day").value;
    if (sameDay) end.value = clock(Math.min(minutes(target.value) + Math.max(length, 0), 23 * 60 + 59));
    at = target.value;
  }
  show();
});
show();
