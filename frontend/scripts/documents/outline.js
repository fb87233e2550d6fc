// The headings to jump to, and how long the text is.
import { TextSelection } from "prosemirror-state";

export class Outline {
  constructor(text) {
    this.text = text;
    this.list = text.part("outline");
  }

  draw() {
    const { text, list } = this;
    if (text.querySelector('[data-panel-of="outline"]').hidden || this.drawn === text.view.state.doc) return;
    this.drawn = text.view.state.doc;
    const rows = [];
    let words = 0;
    let letters = 0;
    this.drawn.descendants((node, pos) => {
      if (!node.isTextblock) return true;
      words += node.textContent.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu)?.length ?? 0;
      letters += node.textContent.length;
      if (node.type.name === "heading" && node.textContent.trim()) rows.push(this.row(node, pos));
      return false;
    });
    list.replaceChildren(...rows);
    text.part("no-outline").hidden = rows.length > 0;
    const figures = { words: words.toLocaleString(text.lang), letters: letters.toLocaleString(text.lang) };
    text.part("words").textContent = text.word("words", figures);
  }

  row(node, pos) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    item.dataset.level = node.attrs.level;
    button.textContent = node.textContent;
    button.addEventListener("click", () => {
      const { view } = this.text;
      const { tr } = view.state;
      view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(pos + 1, tr.doc.content.size)))));
      view.nodeDOM(pos)?.scrollIntoView({ block: "start" });
      view.focus();
    });
    item.append(button);
    return item;
  }
}
