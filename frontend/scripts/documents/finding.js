// Find and replace, accents and capitals forgiven unless asked otherwise.
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const key = new PluginKey("finding");
const MOST = 5000;

// Each letter as it is compared, and where it stands: an accent taken away must not move what comes after it.
function letters(block, pos, exact) {
  let text = "";
  const places = [];
  block.forEach((child, offset) => {
    if (!child.isText) {
      text += "\ufffc";
      places.push([pos + 1 + offset, pos + 1 + offset + child.nodeSize]);
      return;
    }
    let at = pos + 1 + offset;
    for (const letter of child.text) {
      const folded = exact ? letter : letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      for (let unit = 0; unit < folded.length; unit += 1) places.push([at, at + letter.length]);
      text += folded;
      at += letter.length;
    }
  });
  return { text, places };
}

export function findAll(doc, what, exact) {
  const sought = exact ? what : what.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const found = [];
  if (!sought) return found;
  doc.descendants((node, pos) => {
    if (!node.isTextblock || found.length >= MOST) return !node.isTextblock;
    const { text, places } = letters(node, pos, exact);
    for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) {
      found.push({ from: places[at][0], to: places[at + sought.length - 1][1] });
    }
    return false;
  });
  return found;
}

export class Finding {
  constructor(text) {
    this.text = text;
    this.form = text.part("find");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(1);
    });
    this.form.addEventListener("input", ({ target }) => target.name !== "by" && this.search());
    this.form.addEventListener("click", ({ target }) => {
      const what = target.closest("[data-find]")?.dataset.find;
      if (what === "previous") this.go(-1);
      if (what === "replace") this.replace();
      if (what === "all") this.replaceAll();
    });
  }

  plugin() {
    return new Plugin({
      key,
      state: {
        init: () => ({ found: [], set: DecorationSet.empty, at: -1 }),
        apply: (tr, old) => {
          const said = tr.getMeta(key);
          if (!said && !tr.docChanged) return old;
          const { what, exact } = said ?? old;
          if (!what) return { found: [], set: DecorationSet.empty, at: -1, what, exact };
          const found = said?.found ?? findAll(tr.doc, what, exact);
          const at = Math.min(said?.at ?? old.at, found.length - 1);
          const drawn = found.map(({ from, to }, index) =>
            Decoration.inline(from, to, { class: index === at ? "text-found text-found--here" : "text-found" }),
          );
          return { found, at, what, exact, set: DecorationSet.create(tr.doc, drawn) };
        },
      },
      props: { decorations: (state) => key.getState(state).set },
    });
  }

  get fields() {
    const { what, exact, by } = this.form.elements;
    return { what: what.value, exact: exact.checked, by: by.value };
  }

  shown() {
    const { view } = this.text;
    const { from, to } = view.state.selection;
    const chosen = view.state.doc.textBetween(from, to, "");
    const field = this.form.elements.what;
    if (chosen && chosen.length < 80) field.value = chosen;
    field.focus();
    field.select();
    this.search();
  }

  search(at = 0) {
    const { view } = this.text;
    const { what, exact } = this.fields;
    const found = findAll(view.state.doc, what, exact);
    view.dispatch(view.state.tr.setMeta(key, { what, exact, found, at: found.length ? at : -1 }));
    this.say();
  }

  say() {
    const { found, at, what } = key.getState(this.text.view.state);
    const said = this.text.part("found");
    if (!what) said.textContent = "";
    else if (!found.length) said.textContent = this.text.word("none_found");
    else said.textContent = this.text.word("found", { at: at + 1, count: found.length });
  }

  go(by) {
    const { view } = this.text;
    const { found, at, what, exact } = key.getState(view.state);
    if (what !== this.fields.what || exact !== this.fields.exact) return this.search();
    if (!found.length) return;
    const next = (at + by + found.length) % found.length;
    const { from, to } = found[next];
    const { tr } = view.state;
    view.dispatch(tr.setSelection(TextSelection.create(tr.doc, from, to)).setMeta(key, { what, exact, at: next }).scrollIntoView());
    view.dom.querySelector(".text-found--here")?.scrollIntoView({ block: "center" });
    this.say();
  }

  replace() {
    const { view } = this.text;
    const { found, at } = key.getState(view.state);
    if (!found[at] || !this.text.writable) return;
    view.dispatch(view.state.tr.insertText(this.fields.by, found[at].from, found[at].to));
    this.search(Math.max(at, 0));
  }

  replaceAll() {
    const { view } = this.text;
    if (!this.text.writable) return;
    const { what, exact, by } = this.fields;
    const { tr } = view.state;
    for (const { from, to } of findAll(view.state.doc, what, exact).reverse()) tr.insertText(by, from, to);
    view.dispatch(tr);
    this.search();
  }
}
