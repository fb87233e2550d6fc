// The chat beside the text.
import { get, post } from "./server.js";
import { line } from "./lines.js";

export class Chat {
  constructor(text) {
    this.text = text;
    this.list = text.part("sayings");
    text.part("say").addEventListener("submit", (event) => this.say(event));
  }

  shown() {
    this.load();
    this.text.part("say").elements.body.focus();
  }

  async load() {
    if (this.text.querySelector('[data-panel-of="chat"]').hidden) return;
    const { sayings } = await get(`${this.text.address}sayings`).catch(() => ({ sayings: [] }));
    this.list.replaceChildren(...sayings.map((one) => line(one, this.text.lang)));
    this.list.scrollTop = this.list.scrollHeight;
  }

  async say(event) {
    event.preventDefault();
    const field = event.target.elements.body;
    try {
      await post(`${this.text.address}sayings`, { body: field.value });
      field.value = "";
      await this.load();
    } catch (error) {
      this.text.tell(error.message || this.text.word("failed"), "danger");
    }
  }
}
