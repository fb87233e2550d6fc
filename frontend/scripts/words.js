// Words come translated from templates of the page (ui/dialogs.html), never from a script.
export const word = (name) => document.getElementById("ui-words")?.dataset[name] ?? "";

export function fromTemplate(id) {
  const template = document.getElementById(id);
  return template ? template.content.firstElementChild.cloneNode(true) : null;
}
