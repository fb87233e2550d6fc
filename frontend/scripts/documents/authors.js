// Who wrote what: the hand of each letter is that of the Yjs client it came from; the server says whose it is.
import * as Y from "yjs";
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { FRAGMENT, schema } from "./schema.js";
import { get } from "./server.js";

const key = new PluginKey("authors");
const WAIT_MS = 400;

// The stretches of the text of one hand, [{ client, from, to }], in positions of the view.
function stretches(fragment) {
  const found = [];
  const walk = (parent, start) => {
    let pos = start;
    for (const child of parent.toArray()) {
      if (child instanceof Y.XmlText) {
        for (let item = child._start; item; item = item.right) {
          if (item.deleted || !item.countable) continue;
          const last = found.at(-1);
          if (last?.client === item.id.client && last.to === pos) last.to += item.length;
          else found.push({ client: item.id.client, from: pos, to: pos + item.length });
          pos += item.length;
        }
      } else if (child instanceof Y.XmlElement) {
        const type = schema.nodes[child.nodeName];
        pos = !type || type.isLeaf ? pos + 1 : walk(child, pos + 1) + 1;
      }
    }
    return pos;
  };
  walk(fragment, 0);
  return found;
}

export function byAuthor(text) {
  let on = false;
  let names = {};
  let waiting = 0;
  const draw = async () => {
    waiting = 0;
    const { view } = text;
    if (!on) return view.dispatch(view.state.tr.setMeta(key, DecorationSet.empty));
    const found = stretches(text.doc.getXmlFragment(FRAGMENT));
    if (found.some(({ client }) => !names[client])) names = await get(`${text.address}authors`).catch(() => names);
    const { doc, tr } = view.state;
    const drawn = found
      .filter(({ client, to }) => names[client]?.name && to <= doc.content.size)
      .map(({ client, from, to }) => {
        const { name, colour } = names[client];
        return Decoration.inline(from, to, { class: `text-author text-colour-${colour % 8}`, title: name });
      });
    view.dispatch(tr.setMeta(key, DecorationSet.create(doc, drawn)));
  };
  return {
    toggle: () => {
      on = !on;
      draw();
      return on;
    },
    plugin: new Plugin({
      key,
      state: {
        init: () => DecorationSet.empty,
        apply: (tr, set) => {
          if (on && tr.docChanged && !waiting) waiting = setTimeout(draw, WAIT_MS);
          return tr.getMeta(key) ?? set.map(tr.mapping, tr.doc);
        },
      },
      props: { decorations: (state) => key.getState(state) },
    }),
  };
}
