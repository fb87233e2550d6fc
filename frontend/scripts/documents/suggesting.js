// Writing by suggestion: what is typed is marked as added, what is taken away stays and is marked as removed.
//
// Words are suggested. Paragraphs and layout change at once, since they lose no word; what is no word (a picture, a
// formula) stays where it is when one tries to take it away.
import { Fragment, Mark, Slice } from "prosemirror-model";
import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Mapping } from "prosemirror-transform";
import { ySyncPluginKey } from "y-prosemirror";
import { schema } from "./schema.js";

const { nodes, marks } = schema;
const NAMES = ["added", "removed"];
const decided = new PluginKey("suggestions-decided");

export const markOf = (node, name) => marks[name].isInSet(node.marks);

// Where a transaction changed the text, in the document before (oldFrom, oldTo) and after it, in order.
function changes(tr) {
  const { maps } = tr.mapping;
  const found = [];
  maps.forEach((map, index) => {
    const later = tr.mapping.slice(index + 1);
    const earlier = new Mapping(maps.slice(0, index).map((one) => one.invert()).reverse());
    map.forEach((oldStart, oldEnd, start, end) => {
      found.push({
        oldFrom: earlier.map(oldStart, -1),
        oldTo: earlier.map(oldEnd, 1),
        from: later.map(start, -1),
        to: later.map(end, 1),
      });
    });
  });
  found.sort((one, other) => one.from - other.from || one.oldFrom - other.oldFrom);
  const merged = [];
  for (const one of found) {
    const last = merged.at(-1);
    if (last && (one.from <= last.to || one.oldFrom <= last.oldTo)) {
      last.oldFrom = Math.min(last.oldFrom, one.oldFrom);
      last.oldTo = Math.max(last.oldTo, one.oldTo);
      last.to = Math.max(last.to, one.to);
    } else merged.push(one);
  }
  return merged;
}

const said = (doc, from, to) => doc.textBetween(from, to, "", "\ufffc");

// The words of a stretch and the suggestions they are part of: two stretches that say the same differ in layout alone.
function read(doc, from, to) {
  const stretches = [];
  doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isLeaf) return;
    const words = node.isText ? node.text.slice(Math.max(0, from - pos), to - pos) : node.type.name;
    const held = NAMES.map((name) => markOf(node, name)?.attrs.suggestion ?? "").join();
    if (stretches.at(-1)?.held === held) stretches.at(-1).words += words;
    else stretches.push({ held, words });
  });
  return JSON.stringify(stretches);
}

// The suggestion of the same hand that touches a place: what is typed next to it is part of it.
function beside(doc, from, to, by) {
  let found = null;
  doc.nodesBetween(Math.max(0, from - 1), Math.min(doc.content.size, to + 1), (node) => {
    for (const name of NAMES) {
      const mark = node.isText && markOf(node, name);
      if (mark && mark.attrs.by === by) found ??= mark.attrs;
    }
  });
  return found;
}

const fresh = (by) => ({
  suggestion: [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => byte.toString(36).padStart(2, "0")).join(""),
  by,
  at: new Date().toISOString().slice(0, 16) + "Z",
});

// What was taken away, as it goes back: one's own additions are gone for good, other words are marked.
function keep(slice, parent, attrs) {
  const kept = { words: 0, others: 0, refused: false };
  const mark = marks.removed.create(attrs);
  const walk = (fragment, inside, depth) => {
    const children = [];
    fragment.forEach((node, _offset, index) => {
      if (node.type === nodes.hardBreak) return;
      if (node.isText) {
        if (markOf(node, "added")?.attrs.by === attrs.by) return;
        kept.words += node.text.length;
        if (!inside.type.allowsMarkType(marks.removed)) kept.refused = true;
        children.push(markOf(node, "removed") ? node : node.mark(mark.addToSet(node.marks)));
        return;
      }
      if (node.isLeaf) {
        kept.others += 1;
        children.push(node);
        return;
      }
      const content = walk(node.content, node, depth + 1);
      const atEdge = (index === 0 && depth < slice.openStart) || (index === fragment.childCount - 1 && depth < slice.openEnd);
      if (content.size || atEdge || (!node.content.size && node.type !== nodes.footnote)) children.push(node.copy(content));
    });
    return Fragment.from(children);
  };
  const content = walk(slice.content, parent, 0);
  return { ...kept, content };
}

function markAdded(tr, from, to, attrs) {
  const places = [];
  tr.doc.nodesBetween(from, to, (node, pos, parent) => {
    if (node.isText && parent.type.allowsMarkType(marks.added)) {
      places.push([Math.max(from, pos), Math.min(to, pos + node.nodeSize)]);
    }
  });
  for (const [start, end] of places) {
    tr.removeMark(start, end, marks.removed).addMark(start, end, marks.added.create(attrs));
  }
}

// `tr`, made into a suggestion by `by`: { tr, others } where `others` counts what stayed though it is no word; null when
// it cannot be one without losing something.
export function suggested(state, tr, by) {
  if (!tr.docChanged || tr.getMeta(ySyncPluginKey) || tr.getMeta(decided)) return { tr, others: 0 };
  const caret = state.selection.empty ? state.selection.head : -1;
  let others = 0;
  for (const { oldFrom, oldTo, from, to } of changes(tr).reverse()) {
    if (read(state.doc, oldFrom, oldTo) === read(tr.doc, from, to)) continue;
    const attrs = beside(tr.doc, from, to, by) ?? fresh(by);
    if (from < to) markAdded(tr, from, to, attrs);
    const slice = state.doc.slice(oldFrom, oldTo);
    const parent = state.doc.resolve(oldFrom).node(state.doc.resolve(oldFrom).sharedDepth(oldTo));
    const kept = keep(slice, parent, attrs);
    if (kept.refused) return null;
    if (!kept.words && !kept.others) continue;
    others += kept.others;
    const before = said(tr.doc, 0, tr.doc.content.size).length;
    const put = said(kept.content, 0, kept.content.size).length;
    tr.replace(from, from, new Slice(kept.content, slice.openStart, slice.openEnd));
    // Where it does not fit any more as it was, nothing is changed at all.
    if (said(tr.doc, 0, tr.doc.content.size).length !== before + put) return null;
    // Backspace goes on to the left of what it takes away, Delete to its right.
    if (from === to && caret !== oldFrom) tr.setSelection(TextSelection.near(tr.doc.resolve(from), -1));
  }
  return { tr, others };
}

// The marks of the next letter: one's own suggestion, or none; never that of another whose words one stands in.
export const hand = (texts) => {
  let view = null;
  return new Plugin({
    view: (made) => {
      view = made;
      return {};
    },
    appendTransaction: (_done, _before, state) => {
      const { selection, storedMarks } = state;
      // Marks set in the middle of a composition would cut it.
      if (!(selection instanceof TextSelection) || !selection.empty || view?.composing || !texts.writable) return null;
      const now = storedMarks ?? selection.$from.marks();
      const by = texts.suggesting ? texts.by : null;
      let wanted = now.filter(({ type }) => !NAMES.includes(type.name));
      if (by && selection.$from.parent.type.allowsMarkType(marks.added)) {
        const mine = marks.added.isInSet(now);
        const at = selection.from;
        const mark = mine?.attrs.by === by ? mine : marks.added.create(beside(state.doc, at, at, by) ?? fresh(by));
        wanted = mark.addToSet(wanted);
      }
      return Mark.sameSet(now, wanted) ? null : state.tr.setStoredMarks(wanted);
    },
    props: {
      handleKeyDown: (view, event) => Boolean(texts.suggesting && texts.writable) && backspace(view, event),
    },
  });
};

// One letter to the left. Left to the browser, the key may take away what holds the marks of the next letter instead.
function backspace(view, event) {
  if (event.key !== "Backspace" || event.ctrlKey || event.altKey || event.metaKey || view.composing) return false;
  view.domObserver.flush(); // where the key before has just led may not have been read yet
  const { selection } = view.state;
  if (!(selection instanceof TextSelection) || !selection.empty || !selection.$from.nodeBefore?.isText) return false;
  const letters = [...new Intl.Segmenter().segment(selection.$from.nodeBefore.text)];
  view.dispatch(view.state.tr.delete(selection.from - letters.at(-1).segment.length, selection.from).scrollIntoView());
  return true;
}

// What is pasted or moved is no suggestion of somebody else's.
export function unmarked(slice) {
  const walk = (fragment) => {
    const children = [];
    fragment.forEach((node) => {
      if (node.isText) children.push(node.mark(node.marks.filter(({ type }) => !NAMES.includes(type.name))));
      else children.push(node.copy(walk(node.content)));
    });
    return Fragment.from(children);
  };
  return new Slice(walk(slice.content), slice.openStart, slice.openEnd);
}

// The suggestions of a text in order: [{ id, by, at, added, removed, from, to }], the words of each put together.
export function all(doc) {
  const found = new Map();
  doc.descendants((node, pos) => {
    if (!node.isText) return;
    for (const name of NAMES) {
      const { suggestion: id, by, at } = markOf(node, name)?.attrs ?? {};
      if (id === undefined) continue;
      if (!found.has(id)) found.set(id, { id, by, at, added: "", removed: "", from: pos, to: pos });
      const one = found.get(id);
      one[name] += node.text;
      one.to = pos + node.nodeSize;
    }
  });
  return [...found.values()];
}

// Accept or refuse the suggestions whose number is in `ids`; all of them without `ids`. Gives the transaction.
export function decide(state, accepted, ids = null) {
  const tr = state.tr.setMeta(decided, true);
  const places = [];
  state.doc.descendants((node, pos) => {
    const held = node.isText ? NAMES.filter((name) => markOf(node, name) && (!ids || ids.includes(markOf(node, name).attrs.suggestion))) : [];
    if (held.length) places.push({ from: pos, to: pos + node.nodeSize, held });
  });
  for (const { from, to, held } of places.reverse()) {
    if (held.includes(accepted ? "removed" : "added")) erase(tr, from, to);
    else for (const name of held) tr.removeMark(from, to, marks[name]);
  }
  return tr;
}

// The words go, and the paragraph that held nothing else.
function erase(tr, from, to) {
  tr.delete(from, to);
  const $at = tr.doc.resolve(from);
  if ($at.parent.content.size) return;
  if ($at.parent.type === nodes.footnote) return erase(tr, $at.before(), $at.after());
  let depth = $at.depth;
  const alone = (parent) => parent.childCount === 1 && !parent.type.spec.isolating;
  while (depth > 1 && alone($at.node(depth - 1))) depth -= 1;
  const index = $at.index(depth - 1);
  if (depth && $at.node(depth - 1).canReplace(index, index + 1)) tr.delete($at.before(depth), $at.after(depth));
}
