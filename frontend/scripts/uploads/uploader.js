// The element: what is chosen or dropped enters the queue; the list and its summary follow.
import { chosen, dropped } from "./given.js";
import { Question } from "./question.js";
import { Queue } from "./queue.js";
import { Row } from "./row.js";
import { Transfer } from "./transfer.js";
import { Unfinished } from "./unfinished.js";
import { Wording } from "./wording.js";

const MOST_ROWS = 100;
const SHOWN_EVERY_MS = 200;

export class Uploader extends HTMLElement {
  connectedCallback() {
    if (this.queue) return;
    this.form = this.querySelector("form");
    this.wording = new Wording(this.template("words"));
    this.question = new Question(this.template("question"));
    this.queue = new Queue();
    this.rows = new Map();
    this.results = [];
    const endpoint = new URL(this.dataset.endpoint, location.href);
    this.place = {
      endpoint: endpoint.href,
      origin: endpoint.origin,
      tool: this.dataset.tool,
      target: this.dataset.target,
      token: this.form.querySelector('[name="csrfmiddlewaretoken"]').value,
    };
    this.listen();
    const parts = { section: this.slotted("old"), list: this.slotted("old-list"), template: this.template("old") };
    this.unfinished = new Unfinished({ ...parts, place: this.place, wording: this.wording });
    this.unfinished.show();
  }

  disconnectedCallback() {
    removeEventListener("online", this.hurry);
    removeEventListener("beforeunload", this.warn);
  }

  template(name) {
    return this.querySelector(`template[data-part="${name}"]`);
  }

  slotted(name) {
    return this.querySelector(`[data-slot="${name}"]`);
  }

  listen() {
    this.input = this.form.querySelector('input[type="file"]');
    this.input.required = false;
    this.input.addEventListener("change", () => this.take(chosen(this.input)));
    for (const button of this.form.querySelectorAll("[data-pick]")) {
      const folder = button.dataset.pick === "folder";
      button.hidden = folder && !("webkitdirectory" in this.input);
      button.addEventListener("click", () => {
        this.input.webkitdirectory = folder;
        this.input.click();
      });
    }
    this.form.addEventListener("submit", (event) => event.preventDefault());
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, (event) => this.over(event));
    this.addEventListener("dragleave", (event) => {
      if (!this.contains(event.relatedTarget)) this.form.classList.remove("is-over");
    });
    this.addEventListener("drop", (event) => this.drop(event));
    for (const button of this.querySelectorAll("[data-all]")) {
      button.addEventListener("click", () => this[`${button.dataset.all}All`]());
    }
    this.hurry = () => this.queue.of("retrying").forEach((transfer) => transfer.hurry());
    this.warn = (event) => {
      if (this.queue.isUnfinished) event.preventDefault();
    };
    addEventListener("online", this.hurry);
    addEventListener("beforeunload", this.warn);
  }

  over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.form.classList.add("is-over");
  }

  async drop(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    this.form.classList.remove("is-over");
    const given = await dropped(event.dataTransfer);
    if (given.length) this.take(given);
    else this.announce(this.wording.say("nothing"));
  }

  take(given) {
    if (!given.length) return;
    if (this.queue.isIdle) this.question.reset();
    const { place } = this;
    const changed = (transfer) => this.changed(transfer);
    const transfers = given.map(({ file, path }) => new Transfer({ file, path, place, changed }));
    this.unfinished.forget(new Set(transfers.map(({ name }) => name)));
    transfers.forEach((transfer) => this.row(transfer));
    this.slotted("going").hidden = false;
    this.announce(this.wording.count("began", transfers.length));
    this.queue.add(transfers);
    this.input.value = "";
    this.summarise();
  }

  // The line of a transfer, unless it only waits behind many others.
  row(transfer) {
    if (this.rows.has(transfer) || (this.rows.size >= MOST_ROWS && transfer.state === "waiting")) return;
    const row = new Row(this.template("row"), transfer, this.wording);
    row.element.addEventListener("asked", ({ detail }) => this[detail](transfer));
    this.rows.set(transfer, row);
    this.slotted("list").append(row.element);
    if (this.rows.size > MOST_ROWS) this.removeLine(this.queue.of("done", "skipped").find((one) => this.rows.has(one)));
  }

  removeLine(transfer) {
    this.rows.get(transfer)?.element.remove();
    this.rows.delete(transfer);
  }

  changed(transfer) {
    if (transfer.state === "gone") this.removeLine(transfer);
    else this.row(transfer);
    const moved = transfer.shown !== transfer.state;
    transfer.shown = transfer.state;
    if (moved) this.moved(transfer);
    this.soon(moved);
  }

  // A transfer has entered another state.
  moved(transfer) {
    if (transfer.state === "gone") this.queue.forget(transfer);
    if (transfer.state === "done") this.results.push(transfer.outcome.result);
    if (transfer.state === "asking") this.answer(transfer);
    if (transfer.state === "retrying") this.announce(this.wording.say("retrying"));
    queueMicrotask(() => {
      this.queue.advance();
      if (this.queue.isIdle) this.finished();
    });
  }

  // Lines are painted some times a second, however fast bytes go.
  soon(now) {
    if (now) return this.paint();
    this.painting ??= setTimeout(() => this.paint(), SHOWN_EVERY_MS);
  }

  paint() {
    clearTimeout(this.painting);
    this.painting = undefined;
    this.rows.forEach((row) => row.show());
    this.summarise();
  }

  summary() {
    const total = this.queue.transfers.length;
    const done = this.queue.of("done", "skipped").length;
    const failed = this.queue.of("failed").length;
    const values = { done: this.wording.number(done), total: this.wording.number(total) };
    const parts = [this.wording.count("summary", done, values)];
    if (failed) parts.push(this.wording.count("failures", failed));
    const hidden = total - this.rows.size - Math.max(0, done - this.rows.size);
    if (hidden > 0 && this.queue.of("waiting").length) parts.push(this.wording.say("more", { count: this.wording.number(hidden) }));
    return parts.join(", ");
  }

  summarise() {
    this.slotted("going").hidden = !this.queue.transfers.length;
    this.slotted("summary").textContent = this.summary();
    const has = (...states) => this.queue.of(...states).length > 0;
    const shown = {
      pause: has("going", "retrying", "waiting"),
      resume: has("paused"),
      retry: has("failed"),
      cancel: has("going", "retrying", "waiting", "paused", "asking", "failed"),
      clear: this.queue.isIdle && !has("paused", "asking", "failed"),
    };
    for (const button of this.querySelectorAll("[data-all]")) button.hidden = !shown[button.dataset.all];
  }

  // Nothing moves any more: the page asks for its list again, and who does not see the bars hears it once.
  finished() {
    if (this.results.length) {
      const detail = { results: this.results.splice(0) };
      this.dispatchEvent(new CustomEvent("uploads:finished", { bubbles: true, detail }));
    }
    if (!this.queue.isUnfinished && this.queue.transfers.length) {
      this.announce(`${this.wording.say("ended")} ${this.summary()}`);
    }
  }

  announce(sentence) {
    const place = this.slotted("live");
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  pause(transfer) {
    transfer.pause();
  }

  resume(transfer) {
    transfer.become("waiting");
  }

  retry(transfer) {
    if (transfer.outcome) transfer.retry();
    else this.resume(transfer);
  }

  // The question again, for who had closed it without an answer.
  async answer(transfer) {
    const choice = await this.question.ask(transfer);
    if (choice) transfer.choose(choice);
  }

  cancel(transfer) {
    if (transfer.state === "asking") return transfer.choose("skip");
    const next = this.rows.get(transfer)?.element.nextElementSibling;
    transfer.cancel();
    (next?.querySelector("[data-do]:not([hidden])") ?? this.form.querySelector("[data-pick]")).focus();
  }

  pauseAll() {
    this.queue.of("waiting", "going", "retrying").forEach((transfer) => transfer.pause());
  }

  resumeAll() {
    this.queue.of("paused").forEach((transfer) => transfer.become("waiting"));
  }

  retryAll() {
    this.queue.of("failed").forEach((transfer) => this.retry(transfer));
  }

  cancelAll() {
    this.queue.transfers.filter((one) => !one.isOver || one.state === "failed").forEach((transfer) => transfer.cancel());
    this.form.querySelector("[data-pick]").focus();
  }

  clearAll() {
    for (const transfer of this.queue.transfers) this.removeLine(transfer);
    this.queue.transfers = [];
    this.paint();
    this.form.querySelector("[data-pick]").focus();
  }
}
