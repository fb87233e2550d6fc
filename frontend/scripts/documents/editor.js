// The text one writes in: a view of the shared document.
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { EditorState, Plugin } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin } from "y-prosemirror";
import { cursors } from "./cursors.js";
import { dropped, holding } from "./files.js";
import { keys, rules } from "./keys.js";
import { clean } from "./paste.js";
import { FRAGMENT, schema } from "./schema.js";
import { hand, suggested, unmarked } from "./suggesting.js";
import { openNote, views } from "./views.js";

// An empty text says what it is for.
const placeholder = (texts) =>
  new Plugin({
    view: (view) => {
      const draw = ({ state }) => {
        const { doc } = state;
        const empty = doc.childCount === 1 && doc.firstChild.type === schema.nodes.paragraph && !doc.content.firstChild.content.size;
        view.dom.toggleAttribute("data-empty", empty);
        view.dom.dataset.placeholder = texts.word("placeholder");
      };
      draw(view);
      return { update: draw };
    },
  });

// A letter that takes other marks than its neighbours, or the place of other words: left to the browser, it would come
// with a style of its own, which the CSP refuses. In the middle of a composition the browser knows better.
function typed(view, event) {
  const { inputType, data, isComposing } = event;
  if (inputType !== "insertText" || !data || isComposing || view.composing || !view.editable) return false;
  const { from, to, anchor } = view.state.selection;
  if (from === to && !view.state.storedMarks) return false;
  // A caret that has just moved may not be known yet: the browser then puts the letter where it is.
  const { anchorNode, anchorOffset } = document.getSelection();
  if (!view.dom.contains(anchorNode) || view.posAtDOM(anchorNode, anchorOffset) !== anchor) return false;
  const insert = () => view.state.tr.insertText(data, from, to).scrollIntoView();
  if (!view.someProp("handleTextInput", (handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
  event.preventDefault();
  return true;
}

export function edit({ place, doc, awareness, texts, plugins = [] }) {
  const fragment = doc.getXmlFragment(FRAGMENT);
  // A text without a word yet has no block in Yjs: the view then starts from its own empty paragraph. From a document
  // without any block, all of it would be selected, and the first letter would take the place of everything.
  const { doc: first, mapping } = fragment.length ? initProseMirrorDoc(fragment, schema) : {};
  const view = new EditorView(place, {
    state: EditorState.create({
      schema,
      doc: first,
      plugins: [
        ySyncPlugin(fragment, mapping ? { mapping } : {}),
        cursors(awareness),
        yUndoPlugin(),
        ...plugins,
        rules,
        ...keys,
        tableEditing(),
        dropCursor({ class: "text-drop", color: false }),
        gapCursor(),
        holding(texts),
        placeholder(texts),
        hand(texts),
        openNote,
      ],
    }),
    dispatchTransaction(tr) {
      const asked = texts.suggesting ? suggested(this.state, tr, texts.by) : { tr, others: 0 };
      if (!asked || asked.others) texts.tell(texts.word("not_suggested"));
      // Without a change, what the browser has already shown is drawn again as it was.
      this.updateState(asked ? this.state.apply(asked.tr) : this.state);
    },
    editable: () => texts.writable,
    attributes: () => ({
      class: "text-area prose",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": texts.title,
      "aria-readonly": String(!texts.writable),
      "aria-describedby": "text-how-to-leave",
      lang: texts.lang,
      spellcheck: "true",
      ...(texts.writable ? {} : { tabindex: "0" }),
    }),
    nodeViews: views(texts),
    transformPastedHTML: clean,
    transformPasted: unmarked,
    handlePaste: (_view, event) => dropped(view, event.clipboardData, texts),
    handleDrop: (_view, event, _slice, moved) =>
      !moved &&
      dropped(view, event.dataTransfer, texts, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos),
    handleDOMEvents: {
      beforeinput: typed,
      focus: () => void delete view.dom.dataset.leaving,
      keydown: (_view, event) => {
        // Whoever reads and presses a letter means no shortcut of the page.
        const bare = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
        if (!texts.writable && bare) event.stopPropagation();
        if (!["Escape", "Tab", "Shift"].includes(event.key)) delete view.dom.dataset.leaving;
      },
      click: (_view, event) => {
        const link = event.target.closest?.("a[href]");
        if (!link || (texts.writable && !event.ctrlKey && !event.metaKey)) return false;
        window.open(link.href, "_blank", "noopener");
        event.preventDefault();
        return true;
      },
    },
  });
  return view;
}
