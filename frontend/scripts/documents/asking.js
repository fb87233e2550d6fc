// The small windows: the address of a link, the words of an image, a formula, the shortcuts.
import { keymap } from "prosemirror-keymap";
import { commands, insertBlock, linkAt, setLink } from "./commands.js";
import { safeHref, schema } from "./schema.js";
import { get } from "./server.js";
import { WIDTHS, drawFormula } from "./views.js";

export class Asking {
  constructor(text) {
    this.text = text;
  }

  keys() {
    const { text } = this;
    // What was just selected by the keyboard may not have been read yet: the focus would leave without it.
    const opens = (run) => (_state, _dispatch, view) => (view.domObserver.flush(), run(), true);
    return keymap({
      "Mod-k": opens(() => text.writable && this.link()),
      Enter: (state) => {
        const { node, from } = state.selection;
        if (!node || !text.writable) return false;
        if (node.type === schema.nodes.image) this.image(from);
        else if (node.type === schema.nodes.math || node.type === schema.nodes.mathBlock) this.formula(from);
        else return false;
        return true;
      },
      "Mod-f": opens(() => text.show("find", true)),
      "Mod-Alt-m": opens(() => text.threads.begin()),
      "Alt-F10": opens(() => text.part("bar").querySelector('[tabindex="0"]')?.focus()),
    });
  }

  begin() {
    this.text.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (event.target.closest(".text-bar")) this.text.view.focus();
      else if (event.target.closest(".text-side")) {
        this.text.show("", false);
        this.text.view.focus();
      }
    });
  }

  dialog(name) {
    return this.text.querySelector(`[data-ask="${name}"]`);
  }

  // Open a window with its fields filled; gives what was answered and the fields, or null.
  open(name, fields = {}) {
    const dialog = this.dialog(name);
    const form = dialog.querySelector("form");
    for (const [field, value] of Object.entries(fields)) form.elements[field].value = value ?? "";
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener(
        "close",
        () => {
          this.text.view.focus();
          const answered = dialog.returnValue;
          resolve(answered ? { answered, ...Object.fromEntries(new FormData(form)) } : null);
        },
        { once: true },
      );
    });
  }

  async link() {
    const { view } = this.text;
    const { from, to } = view.state.selection;
    const at = linkAt(view.state) ?? { from, to, href: "" };
    const dialog = this.dialog("link");
    const wrong = dialog.querySelector("[data-wrong]");
    const form = dialog.querySelector("form");
    wrong.hidden = true;
    form.onsubmit = (event) => {
      if (event.submitter?.value !== "yes") return;
      const field = form.elements.href;
      let href = field.value.trim();
      if (/^[\w-]+(\.[\w-]+)+([/?#].*)?$/.test(href)) href = `https://${href}`;
      else if (/^[^\s@/]+@[\w.-]+$/.test(href)) href = `mailto:${href}`;
      field.value = safeHref(href) ?? field.value;
      wrong.hidden = safeHref(href) !== null;
      if (!wrong.hidden) event.preventDefault();
    };
    const said = await this.open("link", { href: at.href });
    if (said?.answered === "yes") setLink(view, { ...at, href: said.href });
    if (said?.answered === "remove") commands.unlink.run(view.state, view.dispatch);
  }

  async image(pos) {
    const { view } = this.text;
    const attrs = await this.describe(view.state.doc.nodeAt(pos).attrs);
    if (attrs && view.state.doc.nodeAt(pos)?.type === schema.nodes.image) view.dispatch(view.state.tr.setNodeMarkup(pos, null, attrs));
  }

  // What an image shows, asked when it comes and whenever one likes: its attributes, or null when they stay as they are.
  async describe(attrs) {
    const dialog = this.dialog("image");
    const form = dialog.querySelector("form");
    const { alt, decorative } = form.elements;
    dialog.querySelector("[data-preview]").src = this.text.fileUrl(attrs.file);
    const draw = () => {
      alt.disabled = decorative.checked;
      alt.required = !decorative.checked;
    };
    decorative.onchange = draw;
    decorative.checked = attrs.decorative;
    draw();
    const said = await this.open("image", { alt: attrs.alt, caption: attrs.caption, width: attrs.width });
    if (!said) return null;
    const width = Math.min(WIDTHS.most, Math.max(WIDTHS.least, Math.round(Number(said.width)))) || null;
    return {
      ...attrs,
      alt: (said.alt ?? "").trim(),
      decorative: decorative.checked,
      caption: said.caption.trim(),
      width: said.width ? width : null,
    };
  }

  // A poll or another thing of the structure, found by its words.
  async embed() {
    const dialog = this.dialog("embed");
    const field = dialog.querySelector("input");
    const list = dialog.querySelector("[data-choices]");
    let found = [];
    let asked = 0;
    const search = async () => {
      const mine = (asked += 1);
      const answer = await get(`${this.text.address}embeds?q=${encodeURIComponent(field.value)}`).catch(() => []);
      if (mine !== asked) return;
      found = answer;
      dialog.querySelector("[data-found]").textContent = this.text.word("embeds_found", { count: found.length });
      list.replaceChildren(...found.map((one, index) => this.choice(one, index)));
    };
    field.oninput = search;
    field.onkeydown = (event) => {
      // Enter takes the first that was found.
      if (event.key !== "Enter") return;
      event.preventDefault();
      list.querySelector("button")?.click();
    };
    list.replaceChildren();
    search();
    const said = await this.open("embed", { q: "" });
    const one = said && found[Number(said.answered)];
    if (!one) return;
    const { view } = this.text;
    const { kind, target, label } = one;
    insertBlock(schema.nodes.embed.create({ kind, target, label }))(view.state, view.dispatch);
  }

  choice({ label, hint, icon }, index) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const name = document.createElement("span");
    const kind = document.createElement("span");
    button.value = String(index);
    kind.className = "soft small";
    kind.textContent = hint;
    name.append(label, " ", kind);
    button.append(this.text.icon(icon), name);
    item.append(button);
    return item;
  }

  // `display` is how it is drawn: on a line of its own, or among the words.
  askFormula(tex, display) {
    const dialog = this.dialog("formula");
    const preview = dialog.querySelector("[data-preview]");
    const field = dialog.querySelector("textarea");
    field.oninput = () => drawFormula(preview, field.value, display);
    preview.textContent = "";
    if (tex) drawFormula(preview, tex, display);
    return this.open("formula", { tex });
  }

  async newFormula(type) {
    const said = await this.askFormula("", !type.isInline);
    const { view } = this.text;
    if (!said) return;
    const node = type.create({ tex: said.tex });
    if (type.isInline) view.dispatch(view.state.tr.replaceSelectionWith(node, false).scrollIntoView());
    else insertBlock(node)(view.state, view.dispatch);
  }

  async formula(pos) {
    const { view } = this.text;
    const { attrs, isInline } = view.state.doc.nodeAt(pos);
    const said = await this.askFormula(attrs.tex, !isInline);
    if (said && view.state.doc.nodeAt(pos)?.attrs.tex !== undefined) {
      view.dispatch(view.state.tr.setNodeAttribute(pos, "tex", said.tex));
    }
  }
}
