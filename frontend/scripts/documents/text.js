// One text in a page: the shared document, its socket, its view, and what stands around.
import * as Y from "yjs";
import { toast } from "../toasts.js";
import { Asking } from "./asking.js";
import { Chat } from "./chat.js";
import { commands } from "./commands.js";
import { present } from "./cursors.js";
import { keep } from "./device.js";
import { edit } from "./editor.js";
import { send } from "./files.js";
import { Finding } from "./finding.js";
import { mentions, slash } from "./menus.js";
import { Moments } from "./moments.js";
import { Outline } from "./outline.js";
import { Room } from "./room.js";
import { schema } from "./schema.js";
import { Suggestions } from "./suggestions.js";
import { Threads } from "./threads.js";
import { Toolbar, watching } from "./toolbar.js";
import { byAuthor } from "./authors.js";

const COMMENT = 20;
const WRITE = 30;
const SVG = "http://www.w3.org/2000/svg";

export class Text extends HTMLElement {
  connectedCallback() {
    if (this.doc) return;
    const { document: number, address, access, person, title, lang } = this.dataset;
    Object.assign(this, { address, title: title ?? "", lang, access: Number(access) });
    this.words = this.part("texts").content;
    this.doc = new Y.Doc();
    this.room = new Room({ doc: this.doc, address });
    this.kept = this.access >= WRITE ? keep(this.doc, { document: number, person }) : null;
    this.room.device = this.kept?.origin;
    this.room.addEventListener("state", () => this.drawState());
    this.room.addEventListener("said", ({ detail }) => this.hear(detail));
    this.room.addEventListener("ticket", ({ detail: { name, colour } }) => {
      this.room.awareness.setLocalStateField("user", { name, colour, person: Number(person) || null });
    });
    this.room.addEventListener("end", ({ detail }) => this.end(detail));
    this.room.awareness.on("change", () => this.drawPeople());
    document.addEventListener("tilios:signing-out", () => this.kept?.forget());
    window.addEventListener("beforeunload", (event) => {
      if (this.writable && this.room.unsaved && !this.kept) event.preventDefault();
    });
    this.begin();
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  word(name, values = {}) {
    const text = this.words.querySelector(`[data-word="${name}"]`)?.textContent ?? "";
    return text.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  }

  icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", `${this.dataset.icons}#${name}`);
    svg.append(use);
    return svg;
  }

  tell(text, tone) {
    toast(text, tone);
  }

  fileUrl(number) {
    return `${this.address}files/${number}`;
  }

  get writable() {
    return this.access >= WRITE && !this.room.ended;
  }

  get commenting() {
    return this.access >= COMMENT && !this.room.ended;
  }

  async begin() {
    this.room.connect();
    // The first of the two that has the text draws it: the device, or the server.
    await Promise.race([
      new Promise((resolve) => this.room.addEventListener("synced", resolve, { once: true })),
      this.fromDevice(),
    ]);
    this.start();
  }

  async fromDevice() {
    const there = await this.kept?.ready;
    if (there && this.doc.store.clients.size) return;
    await new Promise(() => {});
  }

  start() {
    this.asking = new Asking(this);
    this.threads = new Threads(this);
    this.finding = new Finding(this);
    this.authors = byAuthor(this);
    this.suggestions = new Suggestions(this);
    for (const name of ["added", "removed"]) this.style.setProperty(`--said-${name}`, JSON.stringify(`${this.word(`${name}_mark`)} `));
    const place = document.createElement("div");
    place.className = "text-place";
    this.part("drawn").replaceWith(place);
    this.view = edit({
      place,
      doc: this.doc,
      awareness: this.room.awareness,
      texts: this,
      plugins: [
        slash(this),
        mentions(this),
        this.asking.keys(),
        this.suggestions.keys(),
        this.threads.plugin(),
        this.finding.plugin(),
        this.authors.plugin,
        watching(() => this.draw()),
      ],
    });
    this.toolbar = new Toolbar(this.part("bar"), this);
    this.outline = new Outline(this);
    this.chat = new Chat(this);
    this.moments = new Moments(this);
    this.asking.begin();
    this.part("file").addEventListener("change", ({ target }) => {
      send(this.view, [...target.files], this);
      target.value = "";
    });
    this.addEventListener("click", (event) => {
      const panel = event.target.closest("[data-panel]");
      if (panel) this.show(panel.dataset.panel);
      const button = event.target.closest(".text-panels [data-do]");
      if (button) this.actions[button.dataset.do](button);
    });
    this.drawAccess();
    this.draw();
    this.threads.load();
    this.dataset.ready = "";
  }

  get actions() {
    return {
      link: () => this.asking.link(),
      keys: () => this.asking.open("keys"),
      image: () => this.choose("image/*"),
      file: () => this.choose(""),
      embed: () => this.asking.embed(),
      math: () => this.asking.newFormula(schema.nodes.math),
      mathBlock: () => this.asking.newFormula(schema.nodes.mathBlock),
      print: () => window.print(),
      edit: () => this.suggest(false),
      suggest: () => this.suggest(true),
      authors: (button) => button.setAttribute("aria-pressed", String(this.authors.toggle())),
      whole: (button) => button.setAttribute("aria-pressed", String(this.toggleAttribute("data-whole"))),
    };
  }

  // What a button or the « / » menu says, done.
  run(name, button) {
    if (this.actions[name]) return this.actions[name](button);
    const command = commands[name];
    // A table that loses cells loses their words at once: that is no suggestion.
    if (this.suggesting && command?.loses) return this.tell(this.word("not_suggested"));
    command?.run(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
  }

  suggest(on) {
    this.suggesting = on;
    this.toggleAttribute("data-suggesting", on);
    for (const name of ["edit", "suggest"]) {
      this.part("bar").querySelector(`[data-do="${name}"]`).setAttribute("aria-pressed", String(on === (name === "suggest")));
    }
    this.view.dispatch(this.view.state.tr);
    this.view.focus();
  }

  // Who suggests, as it is written in the text: the names are the server's to say.
  get by() {
    return this.dataset.person || `c${this.doc.clientID}`;
  }

  choose(accept) {
    const input = this.part("file");
    input.accept = accept;
    input.click();
  }

  editImage(pos) {
    this.asking.image(pos);
  }

  editFormula(pos) {
    this.asking.formula(pos);
  }

  show(name, shown = this.part("side").hidden || this.querySelector(`[data-panel-of="${name}"]`).hidden) {
    this.part("side").hidden = !shown;
    for (const panel of this.querySelectorAll("[data-panel-of]")) panel.hidden = !shown || panel.dataset.panelOf !== name;
    for (const button of this.querySelectorAll("[data-panel]")) {
      button.setAttribute("aria-expanded", String(shown && button.dataset.panel === name));
    }
    if (name !== "moments" || !shown) this.moments.leave();
    if (!shown) return;
    ({ chat: this.chat, moments: this.moments, threads: this.threads, find: this.finding })[name]?.shown();
    this.draw();
  }

  hear(said) {
    if (said.access !== undefined) {
      const fell = this.writable && said.access < WRITE;
      this.access = said.access;
      this.drawAccess();
      if (fell) this.tell(this.word("no_longer_writing"), "danger");
    }
    if (said.changed === "threads") this.threads?.load();
    if (said.changed === "sayings") this.chat?.load();
    if (said.refused === "too_large") this.tell(this.word("full"), "danger");
    this.drawState();
  }

  end(why) {
    // SECURITY: whoever may no longer read the text keeps none of it on the device.
    if (why === "gone") this.erase();
    this.endedAs = why;
    this.tell(this.word(why), "danger");
    this.drawAccess();
  }

  erase() {
    this.kept?.forget();
    this.view?.destroy();
    this.view = null;
    const said = document.createElement("p");
    said.textContent = this.word("gone");
    this.part("sheet").replaceChildren(said);
    this.part("side").remove();
    this.querySelector(".text-panels").remove();
  }

  drawAccess() {
    this.toggleAttribute("data-writing", this.writable);
    this.part("say")?.toggleAttribute("hidden", !this.commenting);
    if (!this.writable) this.suggesting = this.toggleAttribute("data-suggesting", false);
    this.part("bar").hidden = !this.writable || !this.view;
    for (const element of this.querySelectorAll("[data-writers]")) element.hidden = !this.writable;
    this.view?.setProps({});
    if (this.view) this.threads.drawAccess();
    this.drawState();
  }

  drawState() {
    const { connected, unsaved, ended } = this.room;
    const badge = this.part("state");
    let name;
    if (ended) name = this.endedAs ?? "reading";
    else if (!connected) name = !this.writable ? "offline_reading" : this.kept ? "offline" : "offline_bare";
    else if (!this.writable) name = this.commenting ? "commenting" : "reading";
    else name = unsaved ? "saving" : "saved";
    if (badge.dataset.state === name) return;
    badge.dataset.state = name;
    const icons = { saved: "circle-check", saving: "refresh-cw", reading: "eye", commenting: "message-square" };
    badge.replaceChildren(this.icon(icons[name] ?? "wifi-off"), this.word(name));
  }

  drawPeople() {
    const rows = present(this.room.awareness).map(({ name, colour, me }) => {
      const row = document.createElement("li");
      const dot = document.createElement("span");
      dot.className = `text-dot text-colour-${colour}`;
      dot.ariaHidden = "true";
      dot.textContent = [...name][0] ?? "";
      const label = document.createElement("span");
      label.textContent = me ? this.word("me", { name }) : name;
      row.append(dot, label);
      return row;
    });
    this.part("people").replaceChildren(...rows);
  }

  draw() {
    if (!this.view) return;
    this.toolbar?.draw();
    this.outline?.draw();
    this.threads?.drawSelection();
    this.suggestions?.draw();
  }
}
