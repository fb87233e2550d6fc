// Conversations about a passage: they follow it, by positions of Yjs, wherever it goes.
import * as Y from "yjs";
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from "y-prosemirror";
import { line } from "./lines.js";
import { get, post } from "./server.js";

const key = new PluginKey("threads");
const QUOTE = 500;

const write = (position) => btoa(String.fromCharCode(...Y.encodeRelativePosition(position)));
const read = (text) => Y.decodeRelativePosition(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));

export class Threads {
  constructor(text) {
    this.text = text;
    this.threads = [];
    this.list = text.part("threads");
    this.form = text.part("new-thread");
    this.form.addEventListener("submit", (event) => this.send(event));
  }

  plugin() {
    return new Plugin({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, set, _old, state) => {
          // Changes of others replace whole blocks: places are asked of Yjs again, not mapped.
          const remote = tr.docChanged && tr.getMeta(ySyncPluginKey)?.isChangeOrigin;
          if (tr.getMeta(key) || remote) return this.places(state);
          return set.map(tr.mapping, tr.doc);
        },
      },
      props: {
        decorations: (state) => key.getState(state),
        handleClick: (view, pos) => {
          const [found] = key.getState(view.state).find(pos, pos);
          if (found) this.open(found.spec.thread);
          return false;
        },
      },
    });
  }

  range(thread, state) {
    const { doc, type, binding } = ySyncPluginKey.getState(state);
    if (!binding) return null;
    const [from, to] = [thread.start, thread.end].map((at) =>
      relativePositionToAbsolutePosition(doc, type, read(at), binding.mapping),
    );
    return from !== null && to !== null && from < to && to <= state.doc.content.size ? { from, to } : null;
  }

  places(state) {
    const drawn = [];
    for (const thread of this.threads) {
      const range = thread.settled ? null : this.range(thread, state);
      if (range) drawn.push(Decoration.inline(range.from, range.to, { class: "text-thread" }, { thread: thread.id }));
    }
    return DecorationSet.create(state.doc, drawn);
  }

  async load() {
    const answer = await get(`${this.text.address}threads`).catch(() => null);
    if (!answer || !this.text.view) return;
    this.threads = answer.threads;
    const { view } = this.text;
    view.dispatch(view.state.tr.setMeta(key, true));
    this.draw();
  }

  draw() {
    const open = this.threads.filter(({ settled }) => !settled);
    const settled = this.threads.filter((thread) => thread.settled);
    const kept = new Map([...this.list.querySelectorAll("form[data-thread]")].map((form) => [form.dataset.thread, form]));
    this.list.replaceChildren(...[...open, ...settled].map((thread) => this.row(thread, kept.get(String(thread.id)))));
  }

  row(thread, kept) {
    const { text } = this;
    const item = document.createElement("li");
    item.dataset.thread = thread.id;
    item.classList.toggle("text-thread--settled", thread.settled);
    const quote = document.createElement("button");
    quote.type = "button";
    quote.className = "text-quote";
    quote.textContent = `« ${thread.quote} »`;
    quote.addEventListener("click", () => this.jump(thread));
    const remarks = document.createElement("ol");
    remarks.append(...thread.remarks.map((remark) => line(remark, text.lang)));
    item.append(quote, remarks);
    if (thread.settled) {
      const said = document.createElement("p");
      said.className = "soft small";
      said.append(text.icon("circle-check"), " ", text.word("settled"));
      item.append(said);
    }
    // What somebody is typing stays when a remark of another comes in.
    if (text.commenting) item.append(kept ?? this.answerForm(thread), this.settleButton(thread));
    return item;
  }

  answerForm(thread) {
    const form = document.createElement("form");
    const label = document.createElement("label");
    const name = document.createElement("span");
    const field = document.createElement("textarea");
    const button = document.createElement("button");
    form.dataset.thread = thread.id;
    field.name = "body";
    field.rows = 1;
    field.required = true;
    field.maxLength = 5000;
    field.id = `text-answer-${thread.id}`;
    field.dataset.mentions = "";
    name.className = "visually-hidden";
    name.textContent = this.text.word("your_answer");
    label.className = "text-field";
    label.append(name, field);
    field.placeholder = this.text.word("your_answer");
    button.className = "button button--small";
    button.textContent = this.text.word("answer");
    form.append(label, button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.tell(thread, { body: field.value }).then((done) => done && form.reset());
    });
    return form;
  }

  settleButton(thread) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small button--plain";
    button.append(this.text.icon(thread.settled ? "rotate-ccw" : "check"), this.text.word(thread.settled ? "reopen" : "settle"));
    button.addEventListener("click", () => this.tell(thread, { settle: !thread.settled }));
    return button;
  }

  async tell(thread, fields) {
    try {
      await post(`${this.text.address}threads/${thread.id}`, fields);
    } catch (error) {
      this.text.tell(error.message || this.text.word("failed"), "danger");
      return false;
    }
    await this.load();
    return true;
  }

  jump(thread) {
    const { view } = this.text;
    const range = this.range(thread, view.state);
    if (!range) return;
    const { tr } = view.state;
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, range.from, range.to)).scrollIntoView());
    view.focus();
  }

  open(id) {
    this.text.show("threads", true);
    this.list.querySelector(`li[data-thread="${id}"]`)?.scrollIntoView({ block: "nearest" });
  }

  shown() {
    this.load();
    this.drawSelection();
  }

  begin() {
    if (!this.text.commenting || this.text.view.state.selection.empty) return;
    this.text.show("threads", true);
    this.form.elements.body.focus();
  }

  drawAccess() {
    this.draw();
    this.drawSelection();
  }

  // The passage is kept while one types about it: the caret is then in the comment.
  drawSelection() {
    const { from, to, empty } = this.text.view.state.selection;
    const typing = this.form.contains(document.activeElement) || this.form.elements.body.value;
    if (!typing) this.chosen = empty ? null : { from, to };
    this.form.hidden = !this.chosen || !this.text.commenting;
    this.text.part("how-to-comment").hidden = !this.form.hidden || !this.text.commenting;
    if (!this.chosen || typing) return;
    this.text.part("quote").textContent = this.quote.slice(0, 160);
  }

  get quote() {
    return this.text.view.state.doc.textBetween(this.chosen.from, this.chosen.to, " ").slice(0, QUOTE);
  }

  async send(event) {
    event.preventDefault();
    const { type, binding } = ySyncPluginKey.getState(this.text.view.state);
    const [start, end] = [this.chosen.from, this.chosen.to].map((pos) =>
      write(absolutePositionToRelativePosition(pos, type, binding.mapping)),
    );
    try {
      const body = this.form.elements.body.value;
      await post(`${this.text.address}threads`, { start, end, quote: this.quote, body });
    } catch (error) {
      this.text.tell(error.message || this.text.word("failed"), "danger");
      return;
    }
    this.form.reset();
    this.load();
    this.text.view.focus();
  }
}
