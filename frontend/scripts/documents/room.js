// The socket of a text: the protocol of y-websocket, and what the server adds to it (64: stored, 65: said).
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as awarenessProtocol from "y-protocols/awareness";
import * as syncProtocol from "y-protocols/sync";

const SYNC = 0;
const AWARENESS = 1;
const ASK = 3;
const STORED = 64;
const SAID = 65;
const TICKET_TOO_OLD = 4401;
const ENDS = { 4403: "gone", 4404: "gone", 4409: "full" };
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const SILENCE_MS = 20_000;
const ANSWER_MS = 10_000;

// Events: "state" (how the connection is), "said" (detail: what the server says), "synced" (all is here), "end" (why).
export class Room extends EventTarget {
  constructor({ doc, address }) {
    super();
    this.doc = doc;
    this.address = address;
    this.awareness = new awarenessProtocol.Awareness(doc);
    this.connected = this.synced = this.ended = false;
    this.sent = this.stored = this.failures = 0;
    this.dirty = false; // changes made while there was no connection
    this.device = null; // where the words of this device come from
    this.onUpdate = (update, origin) => {
      if (origin === this) return;
      if (this.connected) this.change((encoder) => syncProtocol.writeUpdate(encoder, update));
      else if (origin !== this.device) this.dirty = true;
      this.tell("state");
    };
    this.onAwareness = ({ added, updated, removed }, origin) => {
      if (origin === this || !this.connected) return;
      const clients = [...added, ...updated, ...removed].filter((client) => client === doc.clientID);
      if (clients.length) this.sendAwareness(clients);
    };
    doc.on("update", this.onUpdate);
    this.awareness.on("update", this.onAwareness);
    this.comeBack = () => this.connect(true);
    window.addEventListener("online", this.comeBack);
    window.addEventListener("pagehide", () => awarenessProtocol.removeAwarenessStates(this.awareness, [doc.clientID], "left"));
    window.addEventListener("pageshow", ({ persisted }) => persisted && this.comeBack());
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  // What the server has not written down yet.
  get unsaved() {
    return this.connected ? this.sent > this.stored || !this.synced : this.dirty;
  }

  async connect(now = false) {
    if (this.ended || this.socket) return;
    clearTimeout(this.retry);
    const mine = (this.socket = {});
    let answer;
    try {
      answer = await fetch(`${this.address}ticket`, { headers: { Accept: "application/json" }, cache: "no-store" });
    } catch {
      return this.failed(mine);
    }
    if ([403, 404, 410].includes(answer.status)) return this.end("gone");
    // Signed out: the page of the login comes back, which is no ticket.
    if (answer.redirected || answer.status === 401) return this.end("signed_out");
    if (!answer.ok) return this.failed(mine);
    const ticket = await answer.json();
    if (this.socket !== mine) return;
    this.tell("ticket", ticket);
    const url = new URL(ticket.room, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("ticket", ticket.ticket);
    this.open(new WebSocket(url));
    if (now) this.failures = 0;
  }

  open(socket) {
    this.socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.connected = true;
      this.sent = this.stored = 0;
      this.send(SYNC, (encoder) => syncProtocol.writeSyncStep1(encoder, this.doc));
      // Said anew: the others were told that this window had left, and believe only what is later than that.
      this.awareness.setLocalState(this.awareness.getLocalState());
      this.heard();
      this.tell("state");
    };
    socket.onmessage = ({ data }) => {
      this.heard();
      this.read(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => {
      if (this.socket !== socket) return;
      if (ENDS[code]) return this.end(ENDS[code]);
      if (code === TICKET_TOO_OLD) this.failures = 0;
      this.failed(socket);
    };
  }

  // A connection that says nothing for long is asked something; without an answer it is dead, whatever the browser thinks.
  heard() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.send(ASK, () => {});
      this.silence = setTimeout(() => {
        const socket = this.socket;
        this.failed(socket);
        socket?.close?.();
      }, ANSWER_MS);
    }, SILENCE_MS);
  }

  failed(socket) {
    if (this.socket !== socket) return;
    if (this.connected && (this.sent > this.stored || this.dirty)) this.dirty = true;
    this.drop();
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.failures, LONGEST_WAIT_MS) * (0.7 + 0.6 * Math.random());
    this.failures += 1;
    this.retry = setTimeout(() => this.connect(), wait);
    this.tell("state");
  }

  drop() {
    this.socket = null;
    this.connected = this.synced = false;
    clearTimeout(this.silence);
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID);
    awarenessProtocol.removeAwarenessStates(this.awareness, others, this);
  }

  end(why) {
    this.ended = true;
    const socket = this.socket;
    this.drop();
    socket?.close?.();
    window.removeEventListener("online", this.comeBack);
    this.tell("state");
    this.tell("end", why);
  }

  send(kind, write) {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, kind);
    write(encoder);
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(encoding.toUint8Array(encoder));
  }

  change(write) {
    this.sent += 1;
    this.send(SYNC, write);
  }

  sendAwareness(clients) {
    const body = awarenessProtocol.encodeAwarenessUpdate(this.awareness, clients);
    this.send(AWARENESS, (encoder) => encoding.writeVarUint8Array(encoder, body));
  }

  read(data) {
    const decoder = decoding.createDecoder(data);
    const kind = decoding.readVarUint(decoder);
    if (kind === SYNC) this.readSync(decoder);
    else if (kind === AWARENESS) {
      awarenessProtocol.applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this);
    } else if (kind === ASK) this.sendAwareness([this.doc.clientID]);
    else if (kind === STORED) {
      this.stored = decoding.readVarUint(decoder);
      if (this.stored >= this.sent && this.synced) this.dirty = false;
      this.tell("state");
    } else if (kind === SAID) this.tell("said", JSON.parse(decoding.readVarString(decoder)));
  }

  readSync(decoder) {
    const answer = encoding.createEncoder();
    const step = syncProtocol.readSyncMessage(decoder, answer, this.doc, this);
    if (step === syncProtocol.messageYjsSyncStep1) {
      const body = encoding.toUint8Array(answer);
      // Two zeros say "nothing", which the server does not count: step, length, then these two.
      const empty = body.length === 4 && body[2] === 0 && body[3] === 0;
      if (!empty) this.change((encoder) => encoding.writeUint8Array(encoder, body));
      else this.dirty = false;
    } else if (step === syncProtocol.messageYjsSyncStep2 && !this.synced) {
      this.synced = true;
      this.failures = 0;
      this.tell("synced");
    }
    this.tell("state");
  }
}
