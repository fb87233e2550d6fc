// The history: the text as it was, moment after moment; compared, restored, named.
import { get, post } from "./server.js";
import { when } from "./lines.js";

const PLAYED_MS = 900;

export class Moments {
  constructor(text) {
    this.text = text;
    this.slider = text.part("slider");
    this.moments = [];
    this.comparing = false;
    this.slider.addEventListener("input", () => this.look());
    text.querySelector('[data-panel-of="moments"]').addEventListener("click", ({ target }) => {
      const what = target.closest("[data-moment]")?.dataset.moment;
      if (what) this[what](target.closest("[data-moment]"));
    });
    text.part("name-moment").addEventListener("submit", (event) => this.name(event));
  }

  get address() {
    return `${this.text.address}history`;
  }

  get current() {
    return this.moments[Number(this.slider.value)];
  }

  async shown() {
    try {
      ({ moments: this.moments } = await get(this.address));
    } catch (error) {
      return this.text.tell(error.message || this.text.word("failed"), "danger");
    }
    this.slider.max = Math.max(0, this.moments.length - 1);
    this.slider.value = this.slider.max;
    this.say();
  }

  say() {
    const { current } = this;
    if (!current) return;
    const who = [current.name, (current.writers ?? []).join(", ")].filter(Boolean).join(" · ");
    const said = this.text.word("moment", { at: when(current.at), who });
    this.text.part("moment").textContent = said;
    this.slider.setAttribute("aria-valuetext", said);
    const copy = this.text.part("copy");
    if (copy) copy.elements.number.value = current.number;
  }

  async look() {
    const { current } = this;
    if (!current) return;
    this.say();
    const step = this.comparing ? `/${current.number}/diff/${this.moments.at(-1).number}` : `/${current.number}`;
    const answer = await get(this.address + step).catch(() => null);
    if (!answer || current !== this.current) return;
    this.sheet ??= this.cover();
    this.sheet.innerHTML = answer.html; // drawn by the server from the schema, nothing else passes
  }

  cover() {
    const sheet = document.createElement("div");
    sheet.className = "text-then prose";
    sheet.lang = this.text.lang;
    this.text.view.dom.parentElement.hidden = true;
    this.text.part("sheet").prepend(sheet);
    return sheet;
  }

  leave() {
    clearTimeout(this.playing);
    this.sheet?.remove();
    this.sheet = null;
    this.text.view.dom.parentElement.hidden = false;
  }

  now() {
    this.slider.value = this.slider.max;
    this.say();
    this.leave();
  }

  compare(button) {
    this.comparing = !this.comparing;
    button.setAttribute("aria-pressed", String(this.comparing));
    this.look();
  }

  async play() {
    clearTimeout(this.playing);
    if (this.slider.value === this.slider.max) this.slider.value = 0;
    const next = async () => {
      await this.look();
      if (!this.sheet || this.slider.value === this.slider.max) return;
      this.slider.value = Number(this.slider.value) + 1;
      this.playing = setTimeout(next, PLAYED_MS);
    };
    next();
  }

  async send(address, fields) {
    try {
      await post(address, fields);
      return true;
    } catch (error) {
      this.text.tell(error.message || this.text.word("failed"), "danger");
      return false;
    }
  }

  async restore() {
    if (!this.current || !(await this.send(`${this.address}/${this.current.number}`, { restore: 1 }))) return;
    this.leave();
    this.shown();
  }

  async name(event) {
    event.preventDefault();
    const field = event.target.elements.name;
    if (!(await this.send(this.address, { name: field.value }))) return;
    field.value = "";
    this.shown();
  }
}
