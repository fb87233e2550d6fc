// A short list at the caret, filtered by what is typed after « / » or « @ »: arrows, Enter, Escape; a click too.
import { Plugin, PluginKey } from "prosemirror-state";

const MOST = 40;

export const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// `find(query)` gives [{ label, hint, icon, choose(view) }], or a promise of it; `place` is where the list is put.
export function picking({ sign, pattern, find, place, texts, name }) {
  const key = new PluginKey(`picking-${name}`);
  let list = null;
  let items = [];
  let at = 0;
  let asked = 0;
  let dismissed = -1; // where a list was closed with Escape

  const typed = (state) => {
    const { $from, empty } = state.selection;
    if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
    const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
    const query = pattern.exec(before)?.[1];
    if (query === undefined || query.length > MOST) return null;
    return { query, from: $from.pos - query.length - sign.length, to: $from.pos };
  };

  const close = (view) => {
    asked += 1;
    list?.remove();
    list = null;
    items = [];
    view.dom.removeAttribute("aria-activedescendant");
    view.dom.removeAttribute("aria-controls");
  };

  const mark = (view, index) => {
    at = (index + items.length) % items.length;
    [...list.children].forEach((row, number) => row.setAttribute("aria-selected", String(number === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    view.dom.setAttribute("aria-activedescendant", list.children[at].id);
  };

  const choose = (view, index) => {
    const item = items[index];
    const range = typed(view.state);
    close(view);
    if (range) view.dispatch(view.state.tr.delete(range.from, range.to));
    item.choose(view);
    view.focus();
  };

  const draw = (view, found, range) => {
    if (!found.length) return close(view);
    if (!list) {
      list = document.createElement("ul");
      list.className = "text-picking";
      list.id = `text-picking-${name}`;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", texts.word(`picking_${name}`));
      list.addEventListener("pointerdown", (event) => {
        const row = event.target.closest("li");
        event.preventDefault();
        if (row) choose(view, [...list.children].indexOf(row));
      });
      place.append(list);
      view.dom.setAttribute("aria-controls", list.id);
    }
    items = found;
    list.replaceChildren(
      ...found.map((item, index) => {
        const row = document.createElement("li");
        row.id = `${list.id}-${index}`;
        row.setAttribute("role", "option");
        if (item.icon) row.append(texts.icon(item.icon));
        row.append(item.label);
        return row;
      }),
    );
    mark(view, 0);
    const caret = view.coordsAtPos(range.from);
    const box = place.getBoundingClientRect();
    const left = Math.max(0, Math.min(caret.left - box.left, box.width - list.offsetWidth));
    const above = caret.bottom + list.offsetHeight > window.innerHeight && caret.top > list.offsetHeight;
    list.style.left = `${left}px`;
    list.style.top = `${(above ? caret.top - list.offsetHeight - 4 : caret.bottom + 4) - box.top}px`;
  };

  return new Plugin({
    key,
    view: () => ({
      update: async (view, before) => {
        if (before.doc.eq(view.state.doc) && before.selection.eq(view.state.selection)) return;
        const range = view.editable && view.hasFocus() ? typed(view.state) : null;
        if (!range) {
          dismissed = -1;
          return close(view);
        }
        if (dismissed === range.from) return;
        const mine = (asked += 1);
        const found = await find(range.query);
        if (mine === asked) draw(view, found, range);
      },
      destroy: () => list?.remove(),
    }),
    props: {
      handleKeyDown: (view, event) => {
        if (!list) return false;
        if (event.key === "ArrowDown") mark(view, at + 1);
        else if (event.key === "ArrowUp") mark(view, at - 1);
        else if (event.key === "Enter" || event.key === "Tab") choose(view, at);
        else if (event.key === "Escape") {
          dismissed = typed(view.state)?.from ?? -1;
          close(view);
        } else return false;
        return true;
      },
      handleDOMEvents: { blur: (view) => void close(view) },
    },
  });
}
