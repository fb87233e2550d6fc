// What this browser had begun here and not finished, before it was closed: said in words, with how far it is.
import { headersFor, storage } from "./transfer.js";

const MOST = 20;

export class Unfinished {
  constructor({ section, list, template, place, wording }) {
    Object.assign(this, { section, list, template, place, wording });
  }

  async show() {
    const known = (await storage.findAllUploads()).filter(({ metadata, uploadUrl }) => {
      return uploadUrl && metadata?.target === this.place.target && uploadUrl.startsWith(this.place.origin);
    });
    for (const upload of known.slice(-MOST)) await this.add(upload);
    this.section.hidden = !this.list.children.length;
  }

  async add(upload) {
    const headers = { ...headersFor(this.place.token), "Tus-Resumable": "1.0.0" };
    const answer = await fetch(upload.uploadUrl, { method: "HEAD", headers }).catch(() => null);
    if (answer && [404, 410].includes(answer.status)) await storage.removeUpload(upload.urlStorageKey);
    if (!answer?.ok) return;
    const [sent, size] = ["Upload-Offset", "Upload-Length"].map((name) => Number(answer.headers.get(name)));
    if (sent === size) return; // it is there: whoever sends the file again is told
    const line = this.template.content.firstElementChild.cloneNode(true);
    line.dataset.key = upload.urlStorageKey;
    line.querySelector('[data-slot="name"]').textContent = upload.metadata.filename;
    line.querySelector('[data-slot="which"]').textContent = ` – ${upload.metadata.filename}`;
    const said = { percent: this.wording.percent(sent / size), total: this.wording.size(size) };
    line.querySelector('[data-slot="said"]').textContent = this.wording.say("left_at", said);
    line.querySelector("[data-forget]").addEventListener("click", async () => {
      await storage.removeUpload(upload.urlStorageKey);
      fetch(upload.uploadUrl, { method: "DELETE", headers }).catch(() => {});
      line.remove();
      this.section.hidden = !this.list.children.length;
    });
    this.list.append(line);
  }

  // It goes on: no longer something to be reminded of.
  async renew() {
    const kept = new Set((await storage.findAllUploads()).map(({ urlStorageKey }) => urlStorageKey));
    for (const line of [...this.list.children]) if (!kept.has(line.dataset.key)) line.remove();
    this.section.hidden = !this.list.children.length;
  }

  forget(names) {
    for (const line of [...this.list.children]) {
      if (names.has(line.querySelector('[data-slot="name"]').textContent)) line.remove();
    }
    this.section.hidden = !this.list.children.length;
  }
}
