// One file on its way: starts, stops, and goes on where it was. Says what it becomes by `changed(transfer)`.
import { Upload, defaultOptions } from "tus-js-client";

const SECOND = 1000;
// As long as it takes: a server that restarts, a train in a tunnel. An `online` event does not wait for the next try.
const DELAYS = [0.5, 1, 2, 4, 8].map((s) => s * SECOND).concat(Array(480).fill(15 * SECOND));
const CHUNK = 32 * 2 ** 20;
const SPEED_OVER = 5 * SECOND;
const WORTH_ANOTHER_TRY = new Set([0, 408, 409, 423, 425, 429]);

export const storage = defaultOptions.urlStorage;
export const headersFor = (token) => ({ "X-CSRFToken": token, "HX-Request": "true" });

export class Transfer {
  constructor({ file, path, place, changed }) {
    Object.assign(this, { file, path, place, changed, name: file.name, size: file.size });
    this.state = "waiting";
    this.sent = 0;
    this.message = "";
    this.marks = [];
    this.outcome = null; // what the tool answered
  }

  get isOver() {
    return ["done", "skipped", "failed", "gone"].includes(this.state);
  }

  // One name for one file in one place: the browser finds it again after it was closed.
  fingerprint() {
    const { tool, target, endpoint } = this.place;
    const said = [endpoint, tool, target, this.path, this.name, this.size, this.file.lastModified];
    return Promise.resolve(`tilios ${JSON.stringify(said)}`);
  }

  async start() {
    this.become("going");
    if (this.announcing) return; // it was stopped, and is wanted again, while the server was being told of it
    if (!this.upload) {
      this.upload = this.make();
      const [previous] = await this.upload.findPreviousUploads();
      if (this.state !== "going") return; // paused or given up meanwhile
      if (previous) {
        this.upload.resumeFromPreviousUpload(previous);
        this.resumed = true;
      }
    }
    this.marks = [];
    this.announcing = !this.upload.url && !this.resumed;
    this.upload.start();
  }

  // The server knows of it: what was asked meanwhile can be done without leaving anything behind there.
  announced() {
    this.announcing = false;
    if (this.state === "paused") this.upload.abort();
    if (this.state === "gone") this.giveUp();
  }

  make() {
    const { endpoint, tool, target, token } = this.place;
    return new Upload(this.file, {
      endpoint,
      chunkSize: CHUNK,
      uploadDataDuringCreation: false, // the address is known before any byte goes: whatever is cut goes on there
      removeFingerprintOnSuccess: true,
      retryDelays: DELAYS,
      headers: headersFor(token),
      metadata: {
        filename: this.name,
        filetype: this.file.type,
        modified: String(this.file.lastModified),
        path: this.path,
        tool,
        target,
      },
      fingerprint: () => this.fingerprint(),
      onShouldRetry: (error) => this.mayRetry(error),
      onProgress: (sent) => this.progressed(sent),
      onAfterResponse: (_request, response) => this.heard(response),
      onUploadUrlAvailable: () => this.announced(),
      onError: (error) => this.failed(error),
      onSuccess: () => this.arrived(),
    });
  }

  mayRetry(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    const again = !this.unreadable(error) && (WORTH_ANOTHER_TRY.has(status) || status === 502 || status === 503 || status === 504);
    this.announcing = false;
    if (this.state === "paused" || this.state === "gone") return false;
    if (again) this.become("retrying");
    return again;
  }

  // The file itself cannot be read any more: no connection will mend that.
  unreadable(error) {
    const cause = error.causingError ?? error;
    return cause?.name === "NotReadableError" || cause?.name === "NotFoundError";
  }

  progressed(sent) {
    if (this.state === "paused") return;
    if (sent > this.sent || this.state !== "retrying") this.state = "going";
    this.sent = sent;
    const now = performance.now();
    this.marks.push([now, sent]);
    while (this.marks.length > 2 && now - this.marks[0][0] > SPEED_OVER) this.marks.shift();
    this.changed(this);
  }

  // Bytes a second over the last moments; 0 while it is not known.
  get speed() {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    const elapsed = last ? last[0] - first[0] : 0;
    return elapsed > 500 ? ((last[1] - first[1]) / elapsed) * SECOND : 0;
  }

  heard(response) {
    const said = response.getHeader("Tilios-Upload");
    if (said) this.outcome = JSON.parse(said);
  }

  async arrived() {
    this.sent = this.size;
    if (!this.outcome) this.outcome = await this.ask("");
    this.settle();
  }

  settle() {
    if (!this.outcome) return this.become("retrying");
    const { state, conflict, message } = this.outcome;
    this.message = message ?? "";
    if (state === "waiting") this.become(conflict ? "asking" : "failed");
    else this.become(state === "skipped" ? "skipped" : "done");
  }

  // What became of a file that is whole; `choice` says what to do where its name is taken.
  async ask(choice) {
    for (const wait of DELAYS) {
      try {
        const answer = await fetch(this.upload.url, {
          method: "POST",
          headers: headersFor(this.place.token),
          body: new URLSearchParams({ choice }),
        });
        if (answer.headers.get("Content-Type")?.startsWith("application/json")) return answer.json();
        if (answer.status < 500) return { state: "waiting", conflict: false, message: await sentence(answer) };
      } catch {
        this.become("retrying");
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return null;
  }

  async choose(choice) {
    this.become("going");
    this.outcome = await this.ask(choice);
    this.settle();
  }

  failed(error) {
    this.announcing = false;
    if (this.state === "paused" || this.state === "gone") return;
    const response = error.originalResponse;
    if (this.unreadable(error)) this.message = "unreadable";
    else if (response?.getStatus() === 401) this.message = "signed_out";
    else if (response?.getHeader("Content-Type")?.startsWith("text/plain")) this.message = response.getBody();
    else this.message = "";
    this.become("failed");
  }

  pause() {
    this.become("paused");
    if (!this.announcing) this.upload?.abort();
  }

  // The line is back: do not wait for the next try.
  async hurry() {
    if (this.state !== "retrying" || this.outcome) return;
    await this.upload?.abort();
    if (this.state === "retrying") this.start();
  }

  async retry() {
    this.message = "";
    if (this.outcome?.state === "waiting") return this.choose("");
    return this.start();
  }

  cancel() {
    const over = this.state === "done";
    this.become("gone");
    if (this.upload && !over && !this.announcing) this.giveUp();
  }

  // The server removes what had arrived; if it does not hear us, the upload expires by itself.
  async giveUp() {
    await this.upload.abort(Boolean(this.upload.url)).catch(() => {});
    const kept = await this.upload.findPreviousUploads();
    await Promise.all(kept.map(({ urlStorageKey }) => storage.removeUpload(urlStorageKey)));
  }

  become(state) {
    if (this.state === "gone") return;
    this.state = state;
    this.changed(this);
  }
}

async function sentence(answer) {
  if (answer.status === 401) return "signed_out";
  return answer.headers.get("Content-Type")?.startsWith("text/plain") ? answer.text() : "";
}
