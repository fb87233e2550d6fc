// The two lists at the caret: « / » for what can be inserted, « @ » for the people one names.
import { commands } from "./commands.js";
import { fold, picking } from "./picking.js";
import { schema } from "./schema.js";
import { get } from "./server.js";

function entries(text) {
  const bar = text.part("bar");
  const styles = [...bar.querySelectorAll("select[data-style] option")].map((option) => ({
    name: option.value,
    label: option.textContent,
    icon: option.value === "codeBlock" ? "code" : "heading",
    words: "titre heading",
  }));
  const buttons = [...bar.querySelectorAll('[data-part="inserts"] button, [data-do$="List"], [data-do="quote"]')];
  const inserts = buttons.map((button) => ({
    name: button.dataset.do,
    label: button.textContent.trim() || button.title.replace(/ \(.*\)$/, ""), // without its shortcut
    icon: button.querySelector("use")?.getAttribute("href").split("#")[1],
    words: button.dataset.words ?? "",
  }));
  return [...styles, ...inserts].map((item) => ({
    ...item,
    key: fold(`${item.label} ${item.words}`),
    choose: () => text.run(item.name),
  }));
}

export function slash(text) {
  const items = entries(text);
  return picking({
    sign: "/",
    name: "slash",
    pattern: /(?:^|\s)\/([\p{L}\d ]*)$/u,
    place: text.part("sheet"),
    texts: text,
    find: (query) => items.filter(({ key }) => key.includes(fold(query.trim()))),
  });
}

export function mentions(text) {
  return picking({
    sign: "@",
    name: "mention",
    pattern: /(?:^|[\s(«])@([\p{L}\d'’ -]*)$/u,
    place: text.part("sheet"),
    texts: text,
    find: async (query) => (await people(text, query)).map(({ person, label }) => ({
      label,
      icon: "at-sign",
      choose: (view) => {
        const node = schema.nodes.mention.create({ person, label });
        view.dispatch(view.state.tr.replaceSelectionWith(node, true).insertText(" "));
      },
    })),
  });
}

// Whom one may name, by what was typed: [{ person, label }].
export function people(text, query) {
  return get(`${text.address}people?q=${encodeURIComponent(query)}`).catch(() => []);
}
