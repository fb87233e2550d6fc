// What somebody said, with their name and when: a line of the chat, a remark of a conversation.
export function when(at) {
  return new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
}

export function line({ name, at, html }) {
  const item = document.createElement("li");
  const head = document.createElement("p");
  const who = document.createElement("strong");
  const time = document.createElement("time");
  const body = document.createElement("div");
  who.textContent = name;
  time.dateTime = at;
  time.textContent = when(at);
  time.className = "soft small";
  head.append(who, " ", time);
  body.innerHTML = html; // made by the server, which escapes what was typed
  item.append(head, body);
  return item;
}
