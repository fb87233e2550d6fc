// Nodes that are more than their HTML: pictures, files, tasks, formulas, live cards.
import { Plugin, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { schema } from "./schema.js";
import { get } from "./server.js";

const CARD_MS = 30_000;
export const WIDTHS = { least: 32, most: 2000 }; // pixels, as the server draws them

function draggableBox(tag, name) {
  const dom = document.createElement(tag);
  dom.className = `text-${name}`;
  return dom;
}

function picture(texts) {
  return (first, view, getPos) => {
    const dom = document.createElement("figure");
    const img = document.createElement("img");
    const caption = document.createElement("figcaption");
    const handle = document.createElement("button");
    handle.type = "button";
    handle.className = "text-handle";
    handle.title = texts.word("resize");
    handle.setAttribute("aria-label", texts.word("resize"));
    img.loading = "lazy";
    img.decoding = "async";
    const ask = document.createElement("button");
    ask.type = "button";
    ask.className = "button button--small text-describe";
    ask.append(texts.icon("image"), texts.word("describe"));
    ask.addEventListener("click", () => texts.editImage(getPos()));
    dom.append(img, caption);
    if (view.editable) dom.append(handle, ask);
    let node;

    const show = (width) => dom.style.setProperty("width", width ? `${width}px` : "");
    const room = () => dom.parentElement.clientWidth;
    const set = (width) => {
      const pixels = Math.round(Math.max(WIDTHS.least, width));
      view.dispatch(view.state.tr.setNodeAttribute(getPos(), "width", pixels >= room() ? null : pixels));
    };
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      const { left } = dom.getBoundingClientRect();
      let width = node.attrs.width ?? room();
      handle.onpointermove = ({ clientX }) => {
        width = Math.min(room(), Math.max(WIDTHS.least, clientX - left));
        show(width);
      };
      handle.onpointerup = handle.onpointercancel = () => {
        handle.onpointermove = handle.onpointerup = null;
        set(width);
      };
    });
    handle.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -20, ArrowRight: 20, ArrowDown: -20, ArrowUp: 20 }[event.key];
      if (!by) return;
      event.preventDefault();
      set(Math.min(node.attrs.width ?? room(), room()) + by);
    });
    dom.addEventListener("dblclick", () => view.editable && texts.editImage(getPos()));

    const draw = (now) => {
      node = now;
      const src = texts.fileUrl(now.attrs.file);
      if (img.getAttribute("src") !== src) img.src = src;
      img.alt = now.attrs.alt;
      caption.textContent = now.attrs.caption;
      caption.hidden = !now.attrs.caption;
      ask.hidden = Boolean(now.attrs.alt) || now.attrs.decorative;
      show(now.attrs.width);
    };
    draw(first);
    return {
      dom,
      update: (now) => now.type === schema.nodes.image && (draw(now), true),
      stopEvent: (event) => event.target === handle || ask.contains(event.target),
      ignoreMutation: () => true,
    };
  };
}

function file(texts) {
  return (first, view) => {
    const dom = draggableBox("div", "file");
    const link = document.createElement("a");
    link.append(texts.icon("paperclip"), document.createElement("span"));
    dom.append(link);
    const draw = (now) => {
      link.href = texts.fileUrl(now.attrs.file);
      link.download = now.attrs.name;
      link.lastChild.textContent = now.attrs.name;
    };
    draw(first);
    link.addEventListener("click", (event) => view.editable && !event.ctrlKey && !event.metaKey && event.preventDefault());
    return { dom, update: (now) => now.type === schema.nodes.file && (draw(now), true), ignoreMutation: () => true };
  };
}

function task(texts) {
  return (first, view, getPos) => {
    const dom = document.createElement("li");
    const label = document.createElement("label");
    const box = document.createElement("input");
    const contentDOM = document.createElement("div");
    box.type = "checkbox";
    label.contentEditable = "false";
    label.append(box);
    dom.append(label, contentDOM);
    box.addEventListener("change", () => {
      if (view.editable) view.dispatch(view.state.tr.setNodeAttribute(getPos(), "checked", box.checked));
      else box.checked = !box.checked;
    });
    const draw = (now) => {
      dom.dataset.checked = String(now.attrs.checked);
      box.checked = now.attrs.checked;
      box.setAttribute("aria-label", now.firstChild?.textContent.slice(0, 80) || texts.word("task"));
    };
    draw(first);
    return {
      dom,
      contentDOM,
      update: (now) => now.type === schema.nodes.taskItem && (draw(now), true),
      stopEvent: (event) => event.target === box,
      ignoreMutation: (mutation) => !contentDOM.contains(mutation.target) && mutation.type !== "selection",
    };
  };
}

// The formula is drawn by a part of the script that comes only with the first of them.
export async function drawFormula(element, tex, display) {
  try {
    const { default: katex } = await import("katex");
    katex.render(tex, element, { output: "mathml", displayMode: display, throwOnError: true, trust: false, maxExpand: 200 });
    element.classList.remove("text-formula--wrong");
  } catch {
    element.textContent = tex;
    element.classList.add("text-formula--wrong");
  }
}

function formula(texts, tag, type) {
  return (first, view, getPos) => {
    const dom = draggableBox(tag, "formula");
    const draw = (now) => {
      dom.dataset.math = now.attrs.tex;
      if (now.attrs.tex) drawFormula(dom, now.attrs.tex, tag === "div");
      else dom.textContent = texts.word("formula");
    };
    draw(first);
    dom.addEventListener("dblclick", () => view.editable && texts.editFormula(getPos()));
    return { dom, update: (now) => now.type === type && (draw(now), true), ignoreMutation: () => true };
  };
}

// The card comes from the server, which asks its reader's right each time; it comes again while it is looked at.
function embed(texts) {
  return (first) => {
    const dom = draggableBox("div", "embed");
    const { kind, target, label } = first.attrs;
    dom.textContent = label;
    let shown = false;
    let asked = 0;
    const load = async () => {
      if (!shown || document.hidden || Date.now() - asked < CARD_MS) return;
      asked = Date.now();
      const answer = await get(`${texts.address}embeds/${encodeURIComponent(kind)}/${target}`).catch(() => null);
      if (!answer) return;
      const { body } = new DOMParser().parseFromString(answer.html, "text/html");
      dom.replaceChildren(...body.childNodes);
    };
    const watch = new IntersectionObserver((entries) => {
      shown = entries.at(-1).isIntersecting;
      load();
    });
    watch.observe(dom);
    const again = setInterval(load, CARD_MS);
    document.addEventListener("visibilitychange", load);
    return {
      dom,
      ignoreMutation: () => true,
      stopEvent: (event) => event.type === "click",
      update: ({ attrs, type }) => type === schema.nodes.embed && attrs.kind === kind && attrs.target === target,
      destroy: () => {
        watch.disconnect();
        clearInterval(again);
        document.removeEventListener("visibilitychange", load);
      },
    };
  };
}

// A number in the line; what the note says is a box below it while the caret is inside.
function footnote(texts) {
  return (_first, view, getPos, drawn) => {
    const dom = document.createElement("span");
    const number = document.createElement("button");
    const contentDOM = document.createElement("span");
    dom.dataset.footnote = "";
    number.type = "button";
    number.className = "text-note-number";
    number.contentEditable = "false";
    number.tabIndex = -1;
    number.setAttribute("aria-label", texts.word("note"));
    contentDOM.className = "text-note";
    dom.append(number, contentDOM);
    number.addEventListener("click", () => {
      if (!view.editable) return dom.toggleAttribute("data-open");
      view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(getPos() + 1))));
      view.focus();
    });
    // A closed note is one thing in the line: what is typed beside it does not go into it.
    const open = (decorations) => {
      dom.contentEditable = decorations.some(({ spec }) => spec.note) ? "inherit" : "false";
    };
    open(drawn);
    return {
      dom,
      contentDOM,
      update: (now, decorations) => now.type === schema.nodes.footnote && (open(decorations), true),
      stopEvent: (event) => event.target === number,
      ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
    };
  };
}

// A table wider than the screen moves inside its own frame.
function table() {
  const dom = document.createElement("div");
  const inner = document.createElement("table");
  const contentDOM = document.createElement("tbody");
  dom.className = "table-frame";
  inner.append(contentDOM);
  dom.append(inner);
  return {
    dom,
    contentDOM,
    ignoreMutation: (mutation) => mutation.type !== "selection" && !contentDOM.contains(mutation.target),
  };
}

export const views = (texts) => ({
  footnote: footnote(texts),
  table,
  image: picture(texts),
  file: file(texts),
  taskItem: task(texts),
  math: formula(texts, "span", schema.nodes.math),
  mathBlock: formula(texts, "div", schema.nodes.mathBlock),
  embed: embed(texts),
});

// The note the caret stands in is open.
export const openNote = new Plugin({
  props: {
    decorations: ({ doc, selection: { $head } }) => {
      if ($head.parent.type !== schema.nodes.footnote) return null;
      return DecorationSet.create(doc, [Decoration.node($head.before(), $head.after(), { "data-open": "" }, { note: true })]);
    },
  },
});
