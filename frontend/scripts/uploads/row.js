// A line of the list: what one transfer is doing, in words, with the buttons that make sense.
const BUTTONS = {
  waiting: ["pause", "cancel"],
  going: ["pause", "cancel"],
  retrying: ["pause", "cancel"],
  paused: ["resume", "cancel"],
  failed: ["retry", "cancel"],
  asking: ["answer", "cancel"],
  done: [],
  skipped: [],
};

export class Row {
  constructor(template, transfer, wording) {
    this.element = template.content.firstElementChild.cloneNode(true);
    Object.assign(this, { transfer, wording });
    this.part("name").textContent = transfer.name;
    this.part("path").textContent = transfer.path;
    this.part("bar").setAttribute("aria-label", transfer.name);
    for (const button of this.element.querySelectorAll("[data-do]")) {
      button.querySelector(".visually-hidden").textContent += ` – ${transfer.name}`;
      button.addEventListener("click", () => this.element.dispatchEvent(new CustomEvent("asked", { detail: button.dataset.do })));
    }
    this.show();
  }

  part(name) {
    return this.element.querySelector(`[data-slot="${name}"]`);
  }

  show() {
    const { state, sent, size } = this.transfer;
    if (state === "gone") return;
    const held = this.element.contains(document.activeElement) ? document.activeElement : null;
    this.element.dataset.state = state;
    this.part("bar").value = size ? sent / size : Number(state === "done");
    this.part("said").textContent = this.sentence();
    for (const button of this.element.querySelectorAll("[data-do]")) {
      button.hidden = !BUTTONS[state].includes(button.dataset.do);
    }
    // A button that was pressed and goes away leaves the keyboard on the one that takes its place.
    if (held?.hidden) this.element.querySelector("[data-do]:not([hidden])")?.focus();
  }

  sentence() {
    const { state, sent, size, speed, message, resumed } = this.transfer;
    const { wording } = this;
    if (state === "paused") return wording.say("paused", { percent: wording.percent(size ? sent / size : 0) });
    if (state === "failed") return wording.has(message) ? wording.say(message) : message || wording.say("failed");
    if (state === "done") return `${wording.say("done")}, ${wording.size(size)}`;
    if (state !== "going") return wording.say(state);
    if (size && sent >= size) return wording.say("checking");
    const parts = [wording.say("going", { done: wording.size(sent), total: wording.size(size) })];
    if (speed > 0) parts.push(wording.say("speed", { speed: wording.speed(speed), time: wording.time((size - sent) / speed) }));
    else if (resumed) parts.push(wording.say("resumed"));
    return parts.join(" · ");
  }
}
