// A PDF in its page: drawn by a frame that can reach nothing (scripts/viewer.js), to which this page hands the bytes.
//
// SECURITY: the frame has no origin of its own making (sandbox without allow-same-origin), so a message to it can name
// no target: it is answered on a channel that only our frame, known by its window, is given.
const FIRST_BYTES = 256 * 1024;

/** The bytes of a document, asked for by ranges where the server can. */
class Source {
  constructor(address) {
    this.address = address;
  }

  async open() {
    const answer = await this.#ask(0, FIRST_BYTES);
    const bytes = await answer.arrayBuffer();
    this.etag = answer.headers.get("ETag");
    const whole = answer.status === 206 && /\/(\d+)$/.exec(answer.headers.get("Content-Range") ?? "");
    this.length = whole ? Number(whole[1]) : bytes.byteLength;
    return bytes;
  }

  async range(begin, end) {
    const answer = await this.#ask(begin, end);
    const bytes = await answer.arrayBuffer();
    return answer.status === 206 ? bytes : bytes.slice(begin, end);
  }

  async #ask(begin, end) {
    const headers = { Range: `bytes=${begin}-${end - 1}` };
    if (this.etag) headers["If-Range"] = this.etag;
    const answer = await fetch(this.address, { headers, credentials: "same-origin" });
    if (!answer.ok) throw new Error(`the document answered ${answer.status}`);
    return answer;
  }
}

function show(root) {
  if (root.dataset.pdfShown) return;
  root.dataset.pdfShown = "yes";
  const source = new Source(root.dataset.pdf);
  const frame = document.createElement("iframe");
  frame.className = "pdf-frame";
  frame.title = root.dataset.title;
  frame.setAttribute("sandbox", "allow-scripts");
  frame.src = root.dataset.viewer;

  const channel = new MessageChannel();
  const port = channel.port1;
  const say = (message, ...handed) => port.postMessage(message, handed);
  const said = root.querySelector("[data-pdf-said]");
  const fail = (why) => {
    said.textContent = root.dataset[why] ?? root.dataset.failed;
    said.hidden = false;
    frame.hidden = true;
    root.querySelectorAll(".pdf-tools").forEach((tools) => { tools.hidden = true; });
  };

  const hello = async (event) => {
    if (event.source !== frame.contentWindow || event.data !== "ready") return;
    window.removeEventListener("message", hello);
    let bytes;
    try {
      bytes = await source.open();
    } catch {
      fail("lost");
      return;
    }
    const theme = document.documentElement.dataset.theme ?? "auto";
    frame.contentWindow.postMessage({ theme, length: source.length, bytes }, "*", [channel.port2, bytes]);
  };
  window.addEventListener("message", hello);

  const page = root.querySelector("[data-pdf-page]");
  const scale = root.querySelector("[data-pdf-scale]");
  const controls = root.querySelectorAll("[data-pdf-do]");
  let pages = 0;
  let current = 1;
  port.onmessage = async ({ data }) => {
    if (data.want) {
      try {
        const bytes = await source.range(...data.want);
        say({ begin: data.want[0], bytes }, bytes);
      } catch {
        fail("lost");
      }
    }
    if (data.failed) fail(data.failed);
    if (data.pages) {
      pages = data.pages;
      root.querySelector("[data-pdf-pages]").textContent = pages;
      page.disabled = false;
      controls.forEach((control) => { control.disabled = false; });
    }
    if (data.page) {
      current = data.page;
      if (document.activeElement !== page) page.value = current;
    }
    if (data.scale) scale.textContent = `${Math.round(data.scale * 100)} %`;
    for (const control of controls) {
      if (control.dataset.pdfDo === "previous") control.disabled = current <= 1;
      if (control.dataset.pdfDo === "next") control.disabled = current >= pages;
    }
  };
  controls.forEach((control) => control.addEventListener("click", () => say({ do: control.dataset.pdfDo })));
  const go = () => {
    const wanted = Number.parseInt(page.value, 10);
    if (wanted === current) return; // leaving the field tells of it again: the pages may have been turned meanwhile
    if (wanted >= 1 && wanted <= pages) say({ page: wanted });
    else page.value = current;
  };
  page.addEventListener("change", go);
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    go();
  });
  page.addEventListener("focus", () => page.select());
  said.after(frame);
}

document.addEventListener("htmx:load", ({ target }) => {
  if (target.matches?.("[data-pdf]")) show(target);
  target.querySelectorAll?.("[data-pdf]").forEach(show);
});
document.querySelectorAll("[data-pdf]").forEach(show);
