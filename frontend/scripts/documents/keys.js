// The keyboard, and what is typed as one types Markdown.
import { baseKeymap, chainCommands, exitCode, selectNodeBackward, selectNodeForward } from "prosemirror-commands";
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, splitListItem } from "prosemirror-schema-list";
import { TextSelection } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { commands, insertBlock } from "./commands.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const one = (name) => commands[name].run;

// **bold**, *italic*, ~~strike~~, `code`: the signs go away, the mark stays.
function markRule(pattern, type) {
  return new InputRule(pattern, (state, match, start, end) => {
    const [whole, before, text] = match;
    const from = start + before.length;
    if (state.doc.rangeHasMark(from, end, marks.code)) return null;
    const { tr } = state;
    const sign = (whole.length - before.length - text.length) / 2;
    const typed = end - from; // the last letter is not in the text yet
    tr.delete(from + typed - (sign - 1), end);
    tr.delete(from, from + sign);
    tr.addMark(from, from + text.length, type.create());
    return tr.removeStoredMark(type);
  });
}

function checkRule() {
  return new InputRule(/^\[([ xX]?)\]\s$/, (state, match, start, end) => {
    const { tr } = state;
    tr.delete(start, end);
    const range = tr.doc.resolve(start).blockRange();
    if (!range || range.parent.type === nodes.taskItem) return null;
    const list = nodes.taskList.create(null, nodes.taskItem.create({ checked: /x/i.test(match[1]) }));
    const wrapping = [
      { type: list.type, attrs: null },
      { type: nodes.taskItem, attrs: { checked: /x/i.test(match[1]) } },
    ];
    if (!range.parent.canReplaceWith(range.startIndex, range.endIndex, nodes.taskList)) return null;
    return tr.wrap(range, wrapping);
  });
}

export const rules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,4})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    textblockTypeInputRule(/^```([\w+#-]*)\s$/, nodes.codeBlock, (match) => ({ language: match[1] || null })),
    wrappingInputRule(/^\s*([-+*])\s$/, nodes.bulletList),
    wrappingInputRule(
      /^(\d{1,4})[.)]\s$/,
      nodes.orderedList,
      (match) => ({ start: Number(match[1]) }),
      (match, node) => node.childCount + node.attrs.start === Number(match[1]),
    ),
    wrappingInputRule(/^\s*>\s$/, nodes.blockquote),
    checkRule(),
    new InputRule(/^(?:---|—-)$/, (state, _match, start, end) => {
      let made = null;
      const cleared = state.apply(state.tr.delete(start, end));
      insertBlock(nodes.horizontalRule.create())(cleared, (tr) => {
        made = tr;
      });
      if (!made) return null;
      const { tr } = state;
      tr.delete(start, end);
      for (const step of made.steps) tr.step(step);
      return tr;
    }),
    markRule(/(^|[^*\w])\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, marks.bold),
    markRule(/(^|[^*\w])\*([^*\s](?:[^*]*[^*\s])?)\*$/, marks.italic),
    markRule(/(^|[^_\w])_([^_\s](?:[^_]*[^_\s])?)_$/, marks.italic),
    markRule(/(^|[^~])~~([^~\s](?:[^~]*[^~\s])?)~~$/, marks.strike),
    markRule(/(^|[^`])`([^`]+)`$/, marks.code),
  ],
});

const leave = (state, dispatch, view) => {
  // Escape, then Tab, leaves the text: whoever writes with the keyboard alone is never caught in it.
  view.dom.dataset.leaving = "yes";
  return false;
};

const tab = (direction) => (state, dispatch, view) => {
  if (view.dom.dataset.leaving) return false;
  if (goToNextCell(direction)(state, dispatch)) return true;
  if (one(direction > 0 ? "sink" : "lift")(state, dispatch)) return true;
  if (state.selection.$from.parent.type.spec.code && direction > 0) {
    dispatch?.(state.tr.insertText("  "));
    return true;
  }
  return false;
};

// A note is one line: Enter and Escape go back to the text.
const leaveNote = (state, dispatch) => {
  const { $head } = state.selection;
  if ($head.parent.type !== nodes.footnote) return false;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, $head.after())));
  return true;
};

// The arrows go into a note and out of it.
const arrow = (direction) => (state, dispatch) => {
  const { $head, empty } = state.selection;
  if (!empty) return false;
  const inside = $head.parent.type === nodes.footnote;
  const atEdge = $head.parentOffset === (direction > 0 ? $head.parent.content.size : 0);
  const next = direction > 0 ? $head.nodeAfter : $head.nodeBefore;
  if (inside ? !atEdge : next?.type !== nodes.footnote) return false;
  const $to = state.doc.resolve($head.pos + direction);
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, $to.pos)).scrollIntoView());
  return true;
};

const enter = chainCommands(
  leaveNote,
  splitListItem(nodes.taskItem, { checked: false }),
  splitListItem(nodes.listItem),
);

export const keys = [
  keymap({
    "Mod-z": one("undo"),
    "Mod-y": one("redo"),
    "Mod-Shift-z": one("redo"),
    "Mod-b": one("bold"),
    "Mod-i": one("italic"),
    "Mod-u": one("underline"),
    "Mod-Shift-x": one("strike"),
    "Mod-e": one("code"),
    "Mod-.": one("superscript"),
    "Mod-,": one("subscript"),
    "Mod-Shift-h": one("yellow"),
    "Mod-Alt-0": one("paragraph"),
    "Mod-Alt-1": one("heading1"),
    "Mod-Alt-2": one("heading2"),
    "Mod-Alt-3": one("heading3"),
    "Mod-Alt-4": one("heading4"),
    "Mod-Shift-7": one("orderedList"),
    "Mod-Shift-8": one("bulletList"),
    "Mod-Shift-9": one("taskList"),
    "Mod-Shift-b": one("quote"),
    "Mod-Alt-f": one("footnote"),
    "Mod-Enter": chainCommands(exitCode, one("pageBreak")),
    "Shift-Enter": chainCommands(exitCode, one("hardBreak")),
    "Mod-]": one("sink"),
    "Mod-[": one("lift"),
    Enter: enter,
    Backspace: (state, dispatch) => {
      const { $from, empty } = state.selection;
      if (!empty || $from.parentOffset || $from.depth < 2) return false;
      const item = $from.node(-1).type;
      if ($from.index(-1) || (item !== nodes.listItem && item !== nodes.taskItem)) return false;
      return liftListItem(item)(state, dispatch);
    },
    ArrowRight: arrow(1),
    ArrowLeft: arrow(-1),
    Tab: tab(1),
    "Shift-Tab": tab(-1),
    Escape: chainCommands(leaveNote, leave),
  }),
  keymap({ ...baseKeymap, Delete: chainCommands(baseKeymap.Delete, selectNodeForward), Backspace: chainCommands(baseKeymap.Backspace, selectNodeBackward) }),
];
