// An order of preference: a list sorted by dragging or by buttons, which fills the numbers of the form below it.
// Without this file, people choose a number for each option.
for (const ballot of document.querySelectorAll("[data-ranked]")) {
  const list = ballot.querySelector("[data-ranked-list]");
  const line = list.querySelector("[data-ranked-line]");
  const said = ballot.querySelector("[data-ranked-said]");
  const items = () => [...list.querySelectorAll("[data-ranked-item]")];
  const field = (item) => item.querySelector("select");
  const isRanked = (item) => Boolean(item.compareDocumentPosition(line) & Node.DOCUMENT_POSITION_FOLLOWING);

  // The order as it was; options of one rank stay so until somebody moves one.
  items()
    .filter((item) => field(item).value)
    .sort((one, other) => field(one).value - field(other).value)
    .forEach((item) => line.before(item));
  items()
    .filter((item) => !field(item).value)
    .forEach((item) => list.append(item));
  ballot.classList.add("is-live");
  number(false);

  function number(write) {
    let rank = 0;
    for (const item of items()) {
      const ranked = isRanked(item);
      if (ranked) rank += 1;
      if (write) field(item).value = ranked ? String(rank) : "";
      item.classList.toggle("is-out", !ranked);
      item.dataset.rank = field(item).value;
    }
  }

  function tell(item) {
    const text = isRanked(item) ? ballot.dataset.said : ballot.dataset.saidOut;
    said.textContent = text
      .replace("{name}", item.dataset.name)
      .replace("{rank}", field(item).value)
      .replace("{count}", items().length);
  }

  function moved(item) {
    number(true);
    tell(item);
    field(item).dispatchEvent(new Event("change", { bubbles: true }));
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const item = button.closest("[data-ranked-item]");
    const up = button.dataset.move === "-1";
    const beside = up ? item.previousElementSibling : item.nextElementSibling;
    if (!beside) return;
    // Up from below the line: the next rank at once, so that pressing one after the other ranks them.
    if (up && !isRanked(item)) line.before(item);
    else if (up) beside.before(item);
    else beside.after(item);
    moved(item);
    button.focus();
  });

  let held = null;
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("[data-ranked-item]");
    if (!item || event.button || event.target.closest("button, a, select")) return;
    // A finger that touches the words scrolls the page: it drags by the handle only.
    if (event.pointerType !== "mouse" && event.clientX > item.getBoundingClientRect().left + 48) return;
    event.preventDefault();
    held = item;
    item.classList.add("is-held");
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    const others = [...list.children].filter((one) => one !== held);
    const next = others.find((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    if (next) {
      if (held.nextElementSibling !== next) next.before(held);
    } else if (list.lastElementChild !== held) list.append(held);
  });
  const drop = () => {
    if (!held) return;
    held.classList.remove("is-held");
    moved(held);
    held = null;
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
}
