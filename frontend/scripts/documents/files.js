// Pictures and files, chosen, dropped or pasted: a mark holds their place while they go to the server.
import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { schema } from "./schema.js";
import { post } from "./server.js";

const going = new PluginKey("files-going");
const PICTURES = /^image\/(png|jpeg|gif|webp|avif|svg\+xml)$/;

function mark(name, texts) {
  const element = document.createElement("div");
  element.className = "text-going";
  element.setAttribute("role", "status");
  element.textContent = texts.word("sending", { name });
  return element;
}

export const holding = (texts) =>
  new Plugin({
    key: going,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => {
        const said = tr.getMeta(going);
        const moved = set.map(tr.mapping, tr.doc);
        if (said?.add) return moved.add(tr.doc, [Decoration.widget(said.pos, mark(said.name, texts), { id: said.add })]);
        if (said?.remove) return moved.remove(moved.find(null, null, ({ id }) => id === said.remove));
        return moved;
      },
    },
    props: { decorations: (state) => going.getState(state) },
  });

export async function send(view, files, texts, pos = view.state.selection.to) {
  for (const file of files) {
    const id = {};
    view.dispatch(view.state.tr.setMeta(going, { add: id, pos, name: file.name }));
    let row = null;
    try {
      row = await post(`${texts.address}files`, { file });
    } catch (error) {
      texts.tell(texts.word("not_sent", { name: file.name, why: error.message }), "danger");
    }
    const attrs = row && PICTURES.test(row.type) ? await described(row, texts) : null;
    const place = going.getState(view.state).find(null, null, (spec) => spec.id === id)[0]?.from;
    view.dispatch(view.state.tr.setMeta(going, { remove: id }));
    if (!row || place === undefined) continue;
    const node = attrs
      ? schema.nodes.image.create(attrs)
      : schema.nodes.file.create({ file: row.file, name: row.name });
    put(view, node, place);
  }
}

// Whoever answers later finds a button on the image.
let asking = Promise.resolve();
function described({ file }, texts) {
  const { attrs } = schema.nodes.image.create({ file });
  // One question after the other, however many images come at once.
  asking = asking.then(async () => (await texts.asking.describe(attrs)) ?? attrs);
  return asking;
}

function put(view, node, place) {
  const { doc, tr } = view.state;
  const $place = doc.resolve(Math.min(place, doc.content.size));
  if ($place.depth && $place.parent.isTextblock) {
    const empty = $place.parent.type === schema.nodes.paragraph && !$place.parent.content.size;
    if (empty) tr.replaceWith($place.before(), $place.after(), [node, schema.nodes.paragraph.create()]);
    else tr.insert($place.after(), $place.after() === doc.content.size ? [node, schema.nodes.paragraph.create()] : node);
  } else tr.insert($place.pos, node);
  view.dispatch(tr.scrollIntoView());
}

export function dropped(view, data, texts, pos) {
  const files = [...(data?.files ?? [])];
  // A cell copied from a spreadsheet comes as a picture too: its HTML says more.
  if (!files.length || data.getData("text/html")) return false;
  send(view, files, texts, pos);
  return true;
}
