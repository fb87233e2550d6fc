// What can be done to the text, by name: the toolbar, the keyboard and the « / » menu call the same.
import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { NodeSelection, TextSelection } from "prosemirror-state";
import * as tables from "prosemirror-tables";
import { redo, undo, yUndoPluginKey } from "y-prosemirror";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const LISTS = [nodes.bulletList, nodes.orderedList, nodes.taskList];
const ITEMS = [nodes.listItem, nodes.taskItem];

export function around({ selection: { $from } }, ...types) {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (types.includes($from.node(depth).type)) return { node: $from.node(depth), depth, pos: $from.before(depth) };
  }
  return null;
}

export function hasMark(state, type) {
  const { from, $from, to, empty } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks ?? $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

const mark = (type) => ({ run: toggleMark(type), active: (state) => hasMark(state, type) });

function block(type, attrs = {}) {
  const is = (state) => {
    const { parent } = state.selection.$from;
    return parent.type === type && Object.entries(attrs).every(([name, value]) => parent.attrs[name] === value);
  };
  return {
    active: is,
    run: (state, dispatch) =>
      is(state) && type !== nodes.paragraph
        ? setBlockType(nodes.paragraph)(state, dispatch)
        : setBlockType(type, attrs)(state, dispatch),
  };
}

function list(type) {
  const item = type === nodes.taskList ? nodes.taskItem : nodes.listItem;
  return {
    active: (state) => around(state, ...LISTS)?.node.type === type,
    run: (state, dispatch) => {
      const now = around(state, ...LISTS);
      if (now?.node.type === type) return liftListItem(item)(state, dispatch);
      if (!now) return wrapInList(type)(state, dispatch);
      // Another kind of list: its items change with it.
      if (dispatch) {
        const items = now.node.content.content.map((one) => item.create(null, one.content));
        const other = type.create(null, items);
        const { tr, selection } = state;
        tr.replaceWith(now.pos, now.pos + now.node.nodeSize, other);
        tr.setSelection(TextSelection.near(tr.doc.resolve(selection.from)));
        dispatch(tr);
      }
      return true;
    },
  };
}

function wrap(type, attrs) {
  return {
    active: (state) => Boolean(around(state, type)),
    run: (state, dispatch) => (around(state, type) ? lift(state, dispatch) : wrapIn(type, attrs)(state, dispatch)),
  };
}

// A block put in takes the place of an empty paragraph, else comes after the block of the caret; the caret goes on below.
export function insertBlock(node) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if ($from.parent.type.spec.isolating) return false;
    if (!dispatch) return true;
    const { tr } = state;
    const depth = $from.depth;
    if (depth && $from.parent.type === nodes.paragraph && !$from.parent.content.size) {
      tr.replaceWith($from.before(), $from.after(), node);
    } else {
      tr.insert(depth ? $from.after() : state.selection.to, node);
    }
    const end = tr.mapping.map(depth ? $from.after() : state.selection.to);
    const after = tr.doc.resolve(end);
    if (!after.nodeAfter && !node.isTextblock) tr.insert(end, nodes.paragraph.create());
    tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(end, tr.doc.content.size)), node.type === nodes.table ? -1 : 1));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

function insertTable(state, dispatch) {
  if (tables.isInTable(state)) return false;
  const row = (type) => nodes.tableRow.create(null, [1, 2, 3].map(() => type.createAndFill()));
  const table = nodes.table.create(null, [row(nodes.tableHeader), row(nodes.tableCell), row(nodes.tableCell)]);
  if (!dispatch) return true;
  return insertBlock(table)(state, (tr) => {
    let at = 0;
    tr.doc.descendants((node, pos) => {
      if (node === table) at = pos;
      return !at;
    });
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))));
  });
}

function inline(type, attrs) {
  return (state, dispatch) => {
    const { $from, from } = state.selection;
    if (!$from.parent.canReplaceWith($from.index(), $from.index(), type)) return false;
    if (!dispatch) return true;
    const tr = state.tr.replaceSelectionWith(type.create(attrs), type !== nodes.footnote);
    if (type === nodes.footnote) tr.setSelection(TextSelection.create(tr.doc, from + 1));
    dispatch(tr.scrollIntoView());
    return true;
  };
}

export function align(value) {
  return {
    active: ({ selection }) => selection.$from.parent.attrs.align === value,
    run: (state, dispatch) => {
      const { from, to } = state.selection;
      const { tr } = state;
      state.doc.nodesBetween(from, to, (node, pos) => {
        if (node.type === nodes.paragraph || node.type === nodes.heading) tr.setNodeAttribute(pos, "align", value);
      });
      if (!tr.docChanged) return false;
      dispatch?.(tr);
      return true;
    },
  };
}

const inTable = (run, loses = false) => ({ run, loses, shown: tables.isInTable });

function highlight(colour) {
  return (state, dispatch) => {
    const { from, to, empty } = state.selection;
    if (empty) return false;
    if (dispatch) {
      const tr = state.tr.removeMark(from, to, marks.highlight);
      dispatch(colour ? tr.addMark(from, to, marks.highlight.create({ colour })) : tr);
    }
    return true;
  };
}

export const commands = {
  undo: { run: undo, usable: (state) => yUndoPluginKey.getState(state)?.undoManager.undoStack.length > 0 },
  redo: { run: redo, usable: (state) => yUndoPluginKey.getState(state)?.undoManager.redoStack.length > 0 },
  paragraph: block(nodes.paragraph),
  heading1: block(nodes.heading, { level: 1 }),
  heading2: block(nodes.heading, { level: 2 }),
  heading3: block(nodes.heading, { level: 3 }),
  heading4: block(nodes.heading, { level: 4 }),
  bold: mark(marks.bold),
  italic: mark(marks.italic),
  underline: mark(marks.underline),
  strike: mark(marks.strike),
  code: mark(marks.code),
  superscript: mark(marks.superscript),
  subscript: mark(marks.subscript),
  yellow: { run: highlight("yellow"), active: (state) => hasMark(state, marks.highlight) },
  green: { run: highlight("green") },
  blue: { run: highlight("blue") },
  pink: { run: highlight("pink") },
  noHighlight: { run: highlight(null) },
  bulletList: list(nodes.bulletList),
  orderedList: list(nodes.orderedList),
  taskList: list(nodes.taskList),
  sink: { run: (state, dispatch) => ITEMS.some((item) => sinkListItem(item)(state, dispatch)) },
  lift: { run: (state, dispatch) => ITEMS.some((item) => liftListItem(item)(state, dispatch)) },
  quote: wrap(nodes.blockquote),
  info: wrap(nodes.callout, { tone: "info" }),
  success: wrap(nodes.callout, { tone: "success" }),
  warning: wrap(nodes.callout, { tone: "warning" }),
  danger: wrap(nodes.callout, { tone: "danger" }),
  codeBlock: block(nodes.codeBlock),
  rule: { run: insertBlock(nodes.horizontalRule.create()) },
  pageBreak: { run: insertBlock(nodes.pageBreak.create()) },
  footnote: { run: inline(nodes.footnote) },
  hardBreak: { run: inline(nodes.hardBreak) },
  left: align(null),
  center: align("center"),
  right: align("right"),
  justify: align("justify"),
  table: { run: insertTable },
  rowAbove: inTable(tables.addRowBefore),
  rowBelow: inTable(tables.addRowAfter),
  columnBefore: inTable(tables.addColumnBefore),
  columnAfter: inTable(tables.addColumnAfter),
  deleteRow: inTable(tables.deleteRow, true),
  deleteColumn: inTable(tables.deleteColumn, true),
  merge: inTable(tables.mergeCells, true),
  split: inTable(tables.splitCell),
  headerRow: inTable(tables.toggleHeaderRow),
  deleteTable: inTable(tables.deleteTable, true),
  unlink: {
    run: (state, dispatch) => {
      const link = linkAt(state);
      if (!link) return false;
      dispatch?.(state.tr.removeMark(link.from, link.to, marks.link));
      return true;
    },
  },
};

// The link around the caret, or what is selected: { from, to, href }.
export function linkAt(state) {
  const { $from, from, to, empty } = state.selection;
  if (!empty) {
    let href = "";
    state.doc.nodesBetween(from, to, (node) => {
      href ||= marks.link.isInSet(node.marks)?.attrs.href ?? "";
    });
    return { from, to, href };
  }
  const found = marks.link.isInSet($from.marks());
  if (!found) return null;
  let start = $from.index();
  const { parent } = $from;
  while (start > 0 && found.isInSet(parent.child(start - 1).marks)) start -= 1;
  let at = $from.start();
  for (let index = 0; index < start; index += 1) at += parent.child(index).nodeSize;
  let end = at;
  for (let index = start; index < parent.childCount && found.isInSet(parent.child(index).marks); index += 1) {
    end += parent.child(index).nodeSize;
  }
  return { from: at, to: end, href: found.attrs.href };
}

export function setLink(view, { from, to, href, text }) {
  const { tr } = view.state;
  if (from === to) {
    tr.replaceWith(from, to, schema.text(text || href, [marks.link.create({ href })]));
  } else {
    tr.removeMark(from, to, marks.link).addMark(from, to, marks.link.create({ href }));
  }
  view.dispatch(tr.scrollIntoView());
}

export function selectNode(view, pos) {
  view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, pos)));
}

