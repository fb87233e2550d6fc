// Suggestions shown and answered: a small window at the caret, a list beside the text.
import { keymap } from "prosemirror-keymap";
import { TextSelection } from "prosemirror-state";
import { when } from "./lines.js";
import { schema } from "./schema.js";
import { get } from "./server.js";
import { all, decide } from "./suggesting.js";

const LONGEST = 120;
const short = (words) => (words.length > LONGEST ? `${words.slice(0, LONGEST)}…` : words);

export class Suggestions {
  constructor(text) {
    this.text = text;
    this.list = text.part("suggestions");
    this.popover = text.part("suggestion");
    this.names = {}; // by the hand written in the text
    for (const place of [this.popover, text.part("suggested")]) {
      place.addEventListener("click", (event) => this.click(event));
    }
    this.popover.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.closed = this.shown;
      this.draw();
      text.view.focus();
    });
  }

  keys() {
    return keymap({
      "Alt-Enter": () => {
        this.popover.querySelector("button")?.focus();
        return !this.popover.hidden;
      },
      Escape: () => {
        if (this.popover.hidden) return false;
        this.closed = this.shown;
        this.draw();
        return false;
      },
    });
  }

  async learn(found) {
    const { text } = this;
    this.names[text.by] = text.dataset.name;
    if (this.asking || found.every(({ by }) => this.names[by] !== undefined)) return;
    this.asking = true;
    const authors = await get(`${text.address}authors`).catch(() => ({}));
    for (const [client, { person, name }] of Object.entries(authors)) this.names[person ? String(person) : `c${client}`] = name;
    for (const { by } of found) this.names[by] ??= "";
    this.asking = false;
    this.drawn = null;
    text.draw();
  }

  draw() {
    const { doc, selection } = this.text.view.state;
    // While one types, nothing comes over what is below: only a caret that was moved there opens the window.
    if (this.drawn !== doc) this.quiet = true;
    else if (!selection.eq(this.selection)) this.quiet = false;
    this.selection = selection;
    const found = this.drawn === doc ? this.found : all(doc);
    if (this.drawn !== doc || this.mayAnswer !== this.text.writable) {
      Object.assign(this, { drawn: doc, found, mayAnswer: this.text.writable });
      this.learn(found);
      this.text.part("suggested").hidden = !found.length;
      this.text.part("answer-all").hidden = !this.mayAnswer;
      this.list.replaceChildren(...found.map((one) => this.row(one)));
    }
    this.drawPopover();
  }

  what({ added, removed }) {
    const name = added && removed ? "suggest_replace" : added ? "suggest_add" : "suggest_remove";
    return this.text.word(name, { added: short(added), removed: short(removed) });
  }

  described(one) {
    const who = document.createElement("strong");
    who.textContent = this.names[one.by] || this.text.word("somebody");
    const at = document.createElement("time");
    at.className = "soft small";
    at.dateTime = one.at;
    if (!Number.isNaN(Date.parse(one.at))) at.textContent = when(one.at);
    const head = document.createElement("p");
    head.append(who, " ", at);
    const what = document.createElement("button");
    what.type = "button";
    what.className = "text-quote";
    what.dataset.goto = one.id;
    what.textContent = this.what(one);
    return [head, what];
  }

  answers(one) {
    const buttons = document.createElement("div");
    buttons.className = "buttons";
    for (const [name, icon] of [["accept", "check"], ["refuse", "x"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--small";
      Object.assign(button.dataset, { answer: name, id: one.id });
      button.append(this.text.icon(icon), this.text.word(name));
      buttons.append(button);
    }
    return buttons;
  }

  row(one) {
    const item = document.createElement("li");
    item.append(...this.described(one));
    if (this.mayAnswer) item.append(this.answers(one));
    return item;
  }

  // The suggestion the caret stands in, or whose words are selected.
  get current() {
    const { $from, $to, empty } = this.text.view.state.selection;
    const held = [$from.nodeAfter, $from.nodeBefore].filter((node) => node?.isText);
    for (const node of held) {
      for (const name of ["added", "removed"]) {
        const mark = schema.marks[name].isInSet(node.marks);
        const one = mark && this.found.find(({ id }) => id === mark.attrs.suggestion);
        if (one && (empty || $to.pos <= one.to)) return one;
      }
    }
    return null;
  }

  drawPopover() {
    const { view } = this.text;
    const within = this.popover.contains(document.activeElement);
    const one = this.text.writable && (within || (view.hasFocus() && !this.quiet)) ? this.current : null;
    if (this.closed !== one?.id) this.closed = null;
    const shown = one && !this.closed ? one : null;
    this.popover.hidden = !shown;
    this.shown = shown?.id ?? this.closed;
    if (!shown) return;
    if (!within || this.popoverOf !== this.drawn) {
      this.popoverOf = this.drawn;
      this.popover.replaceChildren(...this.described(shown), this.answers(shown));
    }
    const place = this.text.part("sheet").getBoundingClientRect();
    const caret = view.coordsAtPos(view.state.selection.to);
    const left = Math.max(0, Math.min(caret.left - place.left - 24, place.width - this.popover.offsetWidth));
    this.popover.style.left = `${left}px`;
    this.popover.style.top = `${caret.bottom - place.top + 8}px`;
  }

  click({ target }) {
    const button = target.closest("[data-answer], [data-goto]");
    if (!button) return;
    const { view } = this.text;
    const { answer, id, goto } = button.dataset;
    if (goto) return this.go(goto);
    if (!this.text.writable) return;
    const inList = this.list.contains(button) ? [...this.list.children].indexOf(button.closest("li")) : -1;
    const accepted = answer.startsWith("accept");
    view.dispatch(decide(view.state, accepted, id ? [id] : null));
    this.draw();
    this.text.tell(this.text.word(id ? (accepted ? "accepted" : "refused") : accepted ? "accepted_all" : "refused_all"));
    // Whoever answers from the list with the keyboard goes on with the next one.
    const next = this.list.children[Math.min(inList, this.list.children.length - 1)]?.querySelector("[data-answer]");
    if (inList >= 0 && next) next.focus();
    else view.focus();
  }

  go(id) {
    const one = this.found.find((other) => other.id === id);
    if (!one) return;
    const { view } = this.text;
    const { tr } = view.state;
    view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(one.from + 1))).scrollIntoView());
    view.focus();
  }
}
