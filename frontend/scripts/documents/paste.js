// What comes from Word, LibreOffice, Google Docs and pages of the web, made into what the schema knows.
const LIST = /mso-list:\s*l(\d+)\s+level(\d+)/i;
const ORDERED = /^\s*(?:\d+|[a-z]{1,3}|[ivxlc]+)[.)]/i;

// Word writes a list as paragraphs with a level and a sign of their own.
function wordLists(body) {
  let stack = [];
  let last = null;
  for (const paragraph of [...body.querySelectorAll("p")]) {
    const level = Number(LIST.exec(paragraph.getAttribute("data-css") ?? "")?.[2] ?? 0);
    if (!level) continue;
    const sign = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute("data-css") ?? ""));
    const tag = ORDERED.test(sign?.textContent ?? "") ? "ol" : "ul";
    sign?.remove();
    if (!last || paragraph.previousElementSibling !== last) stack = [];
    stack = stack.slice(0, level);
    while (stack.length < level) {
      const list = body.ownerDocument.createElement(tag);
      const parent = stack.at(-1);
      if (parent) (parent.lastElementChild ?? parent.appendChild(body.ownerDocument.createElement("li"))).append(list);
      else {
        paragraph.before(list);
        last = list;
      }
      stack.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...paragraph.childNodes);
    stack.at(-1).append(item);
    paragraph.remove();
  }
}

// The looks that mean something, as tags: the CSP of the page lets no style attribute be read.
const LOOKS = [
  ["strong", /font-weight:\s*(?:bold|[6-9]\d\d)/i],
  ["em", /font-style:\s*(?:italic|oblique)/i],
  ["u", /text-decoration(?:-line)?:[^;]*underline/i],
  ["s", /text-decoration(?:-line)?:[^;]*line-through/i],
  ["sup", /vertical-align:\s*super/i],
  ["sub", /vertical-align:\s*sub(?!\w)/i],
];
const BLOCKS = "p, div, ul, ol, li, table, h1, h2, h3, h4, h5, h6, blockquote, pre";

function looks(body) {
  for (const element of body.querySelectorAll("[data-css]")) {
    const css = element.getAttribute("data-css");
    const align = /text-align:\s*(center|right|justify)/i.exec(css)?.[1];
    if (align) element.dataset.align = align.toLowerCase();
    // A <b> that is not bold: what wraps a page of Google Docs, or a title.
    if (element.tagName === "B" && /font-weight:\s*(?:normal|[1-4]00)/i.test(css)) {
      element.replaceWith(...element.childNodes);
    } else if (!element.querySelector(BLOCKS)) {
      for (const [tag, pattern] of LOOKS) {
        if (!pattern.test(css) || (tag === "u" && (element.closest("a") || element.querySelector("a")))) continue;
        const mark = body.ownerDocument.createElement(tag);
        mark.append(...element.childNodes);
        element.append(mark);
      }
    }
    element.removeAttribute("data-css");
  }
}

export function clean(html) {
  // Before anything reads it: styles are no styles any more, which the CSP would refuse one by one.
  const bare = html
    .replace(/<style[\s\S]*?<\/style>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-css="));
  const page = new DOMParser().parseFromString(bare, "text/html");
  const { body } = page;
  for (const element of body.querySelectorAll("script, style, meta, link, title, o\\:p, xml")) element.remove();
  const comments = page.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const gone = [];
  while (comments.nextNode()) gone.push(comments.currentNode);
  for (const comment of gone) comment.remove();
  wordLists(body);
  looks(body);
  // LibreOffice and old pages: a list directly inside a list belongs to the item before it.
  for (const list of body.querySelectorAll(":is(ul, ol) > :is(ul, ol)")) {
    const item = list.previousElementSibling;
    if (item?.tagName === "LI") item.append(list);
  }
  for (const picture of body.querySelectorAll("figure:not([data-file])")) picture.replaceWith(...picture.childNodes);
  for (const cell of body.querySelectorAll("td > br:only-child, th > br:only-child")) cell.remove();
  return body.innerHTML;
}
