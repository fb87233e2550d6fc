// The bar of buttons: the template draws it, a button says what it does in data-do. One Tab stop, arrows inside.
import { Plugin } from "prosemirror-state";
import { commands } from "./commands.js";

export class Toolbar {
  constructor(bar, text) {
    this.bar = bar;
    this.text = text;
    this.buttons = [...bar.querySelectorAll("[data-do]")];
    this.style = bar.querySelector("select[data-style]");
    bar.addEventListener("click", (event) => this.click(event));
    bar.addEventListener("pointerdown", (event) => event.target.closest("[data-do]") && event.preventDefault());
    bar.addEventListener("keydown", (event) => this.keydown(event));
    bar.addEventListener("focusin", ({ target }) => this.rove(target));
    this.style?.addEventListener("change", () => text.run(this.style.value));
    this.rove(bar.querySelector("select, summary, button")); // the bar itself may still be hidden
    this.draw();
  }

  get stops() {
    return [...this.bar.querySelectorAll("select, summary, :scope > button, .text-tools > button")].filter(
      (stop) => !stop.disabled && !stop.hidden && stop.offsetParent,
    );
  }

  rove(current) {
    const all = this.bar.querySelectorAll("select, summary, :scope > button, .text-tools > button");
    if (![...all].includes(current)) return;
    for (const stop of all) stop.tabIndex = stop === current ? 0 : -1;
  }

  keydown(event) {
    const { stops } = this;
    const at = stops.indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    stops.at(next % stops.length).focus();
  }

  click(event) {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const menu = button.closest("details");
    if (menu) menu.open = false;
    this.text.run(button.dataset.do, button);
  }

  draw() {
    const { state } = this.text.view;
    for (const button of this.buttons) {
      const command = commands[button.dataset.do];
      if (!command) continue;
      if (command.active && button.hasAttribute("aria-pressed")) {
        button.setAttribute("aria-pressed", String(command.active(state)));
      }
      if (command.usable) button.setAttribute("aria-disabled", String(!command.usable(state)));
    }
    for (const group of this.bar.querySelectorAll("[data-shown-by]")) {
      group.hidden = !commands[group.dataset.shownBy].shown(state);
    }
    if (this.style) {
      const names = ["heading1", "heading2", "heading3", "heading4", "codeBlock"];
      this.style.value = names.find((name) => commands[name].active(state)) ?? "paragraph";
    }
  }
}

// Drawn once a frame at most, whatever happens in the text.
export const watching = (draw) =>
  new Plugin({
    view: () => {
      let frame = 0;
      return {
        update: () => {
          frame ||= requestAnimationFrame(() => {
            frame = 0;
            draw();
          });
        },
        destroy: () => cancelAnimationFrame(frame),
      };
    },
  });
