// Where the others are: their caret with their name, what they have selected.
import { yCursorPlugin } from "y-prosemirror";

const NAME_SHOWN_MS = 3000;
const colourOf = (user) => (Number.isInteger(user?.colour) ? Math.abs(user.colour) % 8 : 0);

function caret(user) {
  const element = document.createElement("span");
  element.className = `text-caret text-colour-${colourOf(user)}`;
  const name = document.createElement("span");
  name.className = "text-caret-name";
  name.dataset.name = user.name ?? ""; // drawn by the style: no part of the text, for who copies or reads it
  element.append("\u2060", name, "\u2060");
  // Drawn anew each time it moves: the name shows, then fades until it is pointed at.
  element.dataset.moving = "";
  setTimeout(() => delete element.dataset.moving, NAME_SHOWN_MS);
  return element;
}

export const cursors = (awareness) =>
  yCursorPlugin(awareness, {
    cursorBuilder: caret,
    selectionBuilder: (user) => ({ class: `text-selected text-colour-${colourOf(user)}` }),
  });

// Who is here, one line a person however many windows they have: [{ name, colour, me }].
export function present(awareness) {
  const people = new Map();
  for (const [client, { user }] of awareness.getStates()) {
    if (!user?.name) continue;
    const me = client === awareness.clientID;
    const key = `${user.person ?? ""}:${user.name}`;
    if (!people.has(key) || me) people.set(key, { name: user.name, colour: colourOf(user), me });
  }
  return [...people.values()].sort((one, other) => other.me - one.me || one.name.localeCompare(other.name));
}
