// The schema of live texts: schema.json says what there is, this file how each thing is written in HTML.
// The server draws the same HTML (core/documents/drawing.py), so that what is copied from a page comes back whole.
import { Schema } from "prosemirror-model";
import written from "../../../tilios/core/documents/schema.json";

export const { values, fragment: FRAGMENT } = written;

const number = (element, name) => Number.parseInt(element.getAttribute(name), 10) || 0;
const among = (name, value, otherwise = null) => (values[name].includes(value) ? value : otherwise);
const alignOf = (element) =>
  among("align", element.dataset.align || element.style.textAlign || element.getAttribute("align") || null);
const aligned = ({ attrs }, more = {}) => (attrs.align ? { ...more, "data-align": attrs.align } : more);

// SECURITY: an address with another scheme (javascript:, data:) is never kept, wherever it comes from.
export function safeHref(href) {
  const clean = [...(href ?? "")].filter((letter) => letter > " " && letter !== "\u007f").join("");
  if (!clean) return null;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(clean)?.[1].toLowerCase();
  if (scheme) return values.schemes.includes(scheme) ? clean : null;
  return /^(?:\/(?!\/)|#|\?)/.test(clean) ? clean : null;
}

const cell = (tag) => ({
  tableRole: tag === "th" ? "header_cell" : "cell",
  isolating: true,
  parseDOM: [
    {
      tag,
      getAttrs: (element) => {
        const widths = (element.dataset.colwidth ?? "").split(",").map(Number).filter(Boolean);
        const colspan = Math.max(1, number(element, "colspan"));
        return {
          colspan,
          rowspan: Math.max(1, number(element, "rowspan")),
          colwidth: widths.length === colspan ? widths : null,
          align: alignOf(element),
        };
      },
    },
  ],
  toDOM: (node) => {
    const { colspan, rowspan, colwidth } = node.attrs;
    const attributes = aligned(node);
    if (colspan !== 1) attributes.colspan = colspan;
    if (rowspan !== 1) attributes.rowspan = rowspan;
    if (colwidth) attributes["data-colwidth"] = colwidth.join(",");
    return [tag, attributes, 0];
  },
});

const math = (tag) => ({
  atom: true,
  parseDOM: [{ tag: `${tag}[data-math]`, getAttrs: (element) => ({ tex: element.dataset.math }) }],
  toDOM: ({ attrs }) => [tag, { "data-math": attrs.tex }, attrs.tex],
});

const nodes = {
  doc: {},
  paragraph: {
    parseDOM: [{ tag: "p", getAttrs: (element) => ({ align: alignOf(element) }) }],
    toDOM: (node) => ["p", aligned(node), 0],
  },
  heading: {
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      getAttrs: (element) => ({
        level: Math.min(Number(element.dataset.level) || level, 4),
        align: alignOf(element),
      }),
    })),
    // The page has the h1; what comes from elsewhere begins with one.
    toDOM: ({ attrs }) => [`h${attrs.level + 1}`, aligned({ attrs }, { "data-level": attrs.level }), 0],
  },
  blockquote: { defining: true, parseDOM: [{ tag: "blockquote" }], toDOM: () => ["blockquote", 0] },
  callout: {
    defining: true,
    parseDOM: [
      { tag: "aside.callout", getAttrs: (element) => ({ tone: among("tone", element.dataset.tone, "info") }) },
    ],
    toDOM: ({ attrs }) => ["aside", { class: `callout callout--${attrs.tone}`, "data-tone": attrs.tone }, 0],
  },
  codeBlock: {
    code: true,
    defining: true,
    parseDOM: [
      {
        tag: "pre",
        preserveWhitespace: "full",
        getAttrs: (element) => ({
          language: /language-([\w+#-]{1,30})/.exec(element.querySelector("code")?.className)?.[1] ?? null,
        }),
      },
    ],
    toDOM: ({ attrs }) => ["pre", ["code", attrs.language ? { class: `language-${attrs.language}` } : {}, 0]],
  },
  bulletList: { parseDOM: [{ tag: "ul" }], toDOM: () => ["ul", 0] },
  orderedList: {
    parseDOM: [{ tag: "ol", getAttrs: (element) => ({ start: number(element, "start") || 1 }) }],
    toDOM: ({ attrs }) => ["ol", attrs.start === 1 ? {} : { start: attrs.start }, 0],
  },
  listItem: { defining: true, parseDOM: [{ tag: "li" }], toDOM: () => ["li", 0] },
  taskList: {
    parseDOM: [{ tag: 'ul[data-type="taskList"]', priority: 60 }],
    toDOM: () => ["ul", { "data-type": "taskList" }, 0],
  },
  taskItem: {
    defining: true,
    parseDOM: [
      { tag: "li[data-checked]", priority: 60, getAttrs: ({ dataset }) => ({ checked: dataset.checked === "true" }) },
    ],
    toDOM: ({ attrs }) => ["li", { "data-checked": String(attrs.checked) }, 0],
  },
  table: { tableRole: "table", isolating: true, parseDOM: [{ tag: "table" }], toDOM: () => ["table", ["tbody", 0]] },
  tableRow: { tableRole: "row", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
  tableCell: cell("td"),
  tableHeader: cell("th"),
  horizontalRule: { parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
  pageBreak: { parseDOM: [{ tag: "hr[data-page-break]", priority: 60 }], toDOM: () => ["hr", { "data-page-break": "" }] },
  image: {
    draggable: true,
    parseDOM: [
      {
        tag: "figure[data-file]",
        getAttrs: (element) => ({
          file: number(element, "data-file"),
          alt: element.querySelector("img")?.alt ?? "",
          decorative: element.hasAttribute("data-decorative"),
          caption: element.querySelector("figcaption")?.textContent ?? "",
          width: number(element, "data-width") || null,
        }),
      },
    ],
    toDOM: ({ attrs }) => {
      const box = { "data-file": attrs.file };
      if (attrs.width) box["data-width"] = attrs.width;
      if (attrs.decorative) box["data-decorative"] = "";
      const picture = ["img", { alt: attrs.alt, loading: "lazy" }];
      return attrs.caption ? ["figure", box, picture, ["figcaption", attrs.caption]] : ["figure", box, picture];
    },
  },
  file: {
    draggable: true,
    parseDOM: [
      {
        tag: "a[data-file]",
        priority: 60,
        getAttrs: (element) => ({ file: number(element, "data-file"), name: element.textContent }),
      },
    ],
    toDOM: ({ attrs }) => ["a", { "data-file": attrs.file }, attrs.name],
  },
  embed: {
    draggable: true,
    parseDOM: [
      {
        tag: "div[data-embed]",
        getAttrs: (element) => ({
          kind: element.dataset.embed,
          target: number(element, "data-target"),
          label: element.textContent,
        }),
      },
    ],
    toDOM: ({ attrs }) => ["div", { "data-embed": attrs.kind, "data-target": attrs.target }, attrs.label],
  },
  mathBlock: math("div"),
  math: math("span"),
  footnote: {
    isolating: true,
    parseDOM: [{ tag: "span[data-footnote]" }],
    toDOM: () => ["span", { "data-footnote": "" }, 0],
  },
  mention: {
    atom: true,
    parseDOM: [
      {
        tag: "span[data-mention]",
        getAttrs: (element) => ({
          person: number(element, "data-mention"),
          label: element.textContent.replace(/^@/, ""),
        }),
      },
    ],
    toDOM: ({ attrs }) => ["span", { "data-mention": attrs.person }, `@${attrs.label}`],
  },
  hardBreak: { selectable: false, parseDOM: [{ tag: "br" }], toDOM: () => ["br"] },
  text: {},
};

const plain = (tag, ...rules) => ({ parseDOM: [{ tag }, ...rules], toDOM: () => [tag, 0] });

// The hand of a suggestion: the number of a person, or "c" and that of the Yjs client of a visitor.
export const colourOf = (by) => Number.parseInt(by.replace(/\D/g, "") || "0", 10) % 8;

const suggestion = (tag) => ({
  inclusive: tag === "ins",
  parseDOM: [
    {
      tag: `${tag}[data-suggestion]`,
      priority: 60,
      getAttrs: ({ dataset }) => ({ suggestion: dataset.suggestion, by: dataset.by ?? "", at: dataset.at ?? "" }),
    },
  ],
  toDOM: ({ attrs: { suggestion: id, by, at } }) => [
    tag,
    { "data-suggestion": id, "data-by": by, "data-at": at, class: `text-colour-${colourOf(by)}` },
    0,
  ],
});

const marks = {
  bold: plain(
    "strong",
    { tag: "b", getAttrs: (element) => !/^(normal|[1-4]00)$/.test(element.style.fontWeight) && null },
    { style: "font-weight", getAttrs: (value) => /^(bold(er)?|[6-9]\d\d)$/.test(value) && null },
  ),
  italic: plain(
    "em",
    { tag: "i", getAttrs: (element) => element.style.fontStyle !== "normal" && null },
    { style: "font-style", getAttrs: (value) => /^(italic|oblique)/.test(value) && null },
  ),
  underline: plain("u", { style: "text-decoration", getAttrs: (value) => value.includes("underline") && null }),
  strike: plain("s", { tag: "strike" }, { tag: "del:not([data-suggestion])" }, {
    style: "text-decoration",
    getAttrs: (value) => value.includes("line-through") && null,
  }),
  code: { ...plain("code"), code: true },
  superscript: { ...plain("sup"), excludes: "subscript superscript" },
  subscript: { ...plain("sub"), excludes: "subscript superscript" },
  highlight: {
    parseDOM: [{ tag: "mark", getAttrs: ({ dataset }) => ({ colour: among("colour", dataset.colour, "yellow") }) }],
    toDOM: ({ attrs }) => ["mark", { "data-colour": attrs.colour }, 0],
  },
  link: {
    inclusive: false,
    parseDOM: [
      {
        tag: "a[href]:not([data-file])",
        getAttrs: (element) => {
          const href = safeHref(element.getAttribute("href"));
          return href ? { href } : false;
        },
      },
    ],
    toDOM: ({ attrs }) => ["a", { href: safeHref(attrs.href) ?? "#", rel: "noopener nofollow ugc" }, 0],
  },
  added: suggestion("ins"),
  removed: suggestion("del"),
};

const attributes = (said = {}) =>
  Object.fromEntries(Object.entries(said).map(([name, otherwise]) => [name, { default: otherwise }]));

function spec({ attributes: said, ...rest }, how) {
  return { ...rest, attrs: attributes(said), ...(rest.group === "inline" ? { inline: true } : {}), ...how };
}

export const schema = new Schema({
  topNode: "doc",
  nodes: Object.fromEntries(Object.entries(written.nodes).map(([name, what]) => [name, spec(what, nodes[name])])),
  marks: Object.fromEntries(Object.entries(written.marks).map(([name, what]) => [name, spec(what, marks[name])])),
});
