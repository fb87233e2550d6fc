// What the server is asked over HTTP, below the address of the text.
const token = () =>
  document.querySelector('meta[name="csrf-token"]')?.content ??
  document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ??
  "";

export class Refused extends Error {}

async function read(answer) {
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  if (!answer.ok || !json) throw new Refused(json?.error ?? "");
  return json;
}

export async function get(address) {
  return read(await fetch(address, { headers: { Accept: "application/json" } }));
}

export async function post(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return read(await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" } }));
}
