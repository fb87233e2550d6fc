// The pages of a PDF, drawn by PDF.js in a frame without origin nor network. The page around it hands in the bytes and
// holds the buttons (scripts/preview.js); here are the pages, their text to select, and the keys.
import { GlobalWorkerOptions, PDFDataRangeTransport, PDFWorker, TextLayer, getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";

const AHEAD = "800px 0px"; // pages are drawn so far before they come in sight
const MOST_PIXELS = 16_777_216; // of a canvas: phones refuse more
const SCALES = [0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];
const WORKER_WITHIN_MS = 8000;
const WIDEST = 1.6; // a page is not made larger than this to fill a wide screen

const main = document.getElementById("pages");
const here = (path) => new URL(path, location.href).href;
GlobalWorkerOptions.workerSrc = here(main.dataset.worker); // imported into the page when no worker starts

/** The worker of PDF.js; null where a page without origin may have none: pages are then read here, less smoothly. */
async function hired() {
  const script = `import(${JSON.stringify(GlobalWorkerOptions.workerSrc)}).then(() => postMessage("here"))`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    const port = new Worker(address);
    await new Promise((yes, no) => {
      port.addEventListener("message", ({ data }) => data === "here" && yes());
      port.addEventListener("error", no);
      setTimeout(no, WORKER_WITHIN_MS);
    });
    return PDFWorker.create({ port });
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(address);
  }
}

class Sheet {
  constructor(viewer, number) {
    this.viewer = viewer;
    this.number = number;
    this.element = document.createElement("section");
    this.element.className = "page";
    this.element.setAttribute("aria-label", `${main.dataset.page} ${number}`);
    this.drawn = 0; // the scale it is drawn at
    this.near = false;
  }

  resize(size) {
    if (size) this.size = size;
    this.element.style.width = `${Math.floor(this.size.width * this.viewer.scale)}px`;
    this.element.style.height = `${Math.floor(this.size.height * this.viewer.scale)}px`;
  }

  async draw() {
    const { scale } = this.viewer;
    if (this.drawn === scale || !this.near) return;
    this.drawn = scale;
    this.task?.cancel();
    try {
      this.page ??= await this.viewer.document.getPage(this.number);
      const plain = this.page.getViewport({ scale: 1 });
      this.resize({ width: plain.width, height: plain.height });
      const viewport = this.page.getViewport({ scale });
      const density = Math.min(window.devicePixelRatio || 1, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
      const canvas = document.createElement("canvas");
      canvas.width = Math.floor(viewport.width * density);
      canvas.height = Math.floor(viewport.height * density);
      canvas.setAttribute("aria-hidden", "true");
      this.task = this.page.render({ canvas, viewport, transform: density === 1 ? null : [density, 0, 0, density, 0, 0] });
      await this.task.promise;
      const words = document.createElement("div");
      words.className = "words";
      words.style.setProperty("--total-scale-factor", scale);
      this.element.replaceChildren(canvas, words);
      await new TextLayer({ textContentSource: this.page.streamTextContent(), container: words, viewport }).render();
      this.element.dataset.drawn = "yes";
    } catch (error) {
      if (error.name !== "RenderingCancelledException") this.element.dataset.broken = "yes";
    }
  }

  forget() {
    this.task?.cancel();
    this.drawn = 0;
    delete this.element.dataset.drawn;
    this.element.replaceChildren();
    this.page?.cleanup();
  }
}

class Viewer {
  constructor(document, say) {
    this.document = document;
    this.say = say;
    this.scale = 1;
    this.fits = true;
    this.current = 1;
  }

  async open() {
    const first = (await this.document.getPage(1)).getViewport({ scale: 1 });
    this.sheets = Array.from({ length: this.document.numPages }, (_, index) => new Sheet(this, index + 1));
    this.scale = this.width(first);
    const size = { width: first.width, height: first.height };
    this.sheets.forEach((sheet) => sheet.resize(size));
    main.replaceChildren(...this.sheets.map((sheet) => sheet.element));
    const byElement = new Map(this.sheets.map((sheet) => [sheet.element, sheet]));
    const watch = new IntersectionObserver(
      (entries) => entries.forEach(({ target, isIntersecting }) => {
        const sheet = byElement.get(target);
        sheet.near = isIntersecting;
        if (isIntersecting) sheet.draw();
        else sheet.forget();
      }),
      { root: main, rootMargin: AHEAD },
    );
    this.sheets.forEach((sheet) => watch.observe(sheet.element));
    main.addEventListener("scroll", () => this.look(), { passive: true });
    new ResizeObserver(() => this.fits && this.zoom(this.width())).observe(main);
    this.say({ pages: this.sheets.length, page: 1, scale: this.scale });
  }

  /** The scale at which the page in sight is as wide as the frame. */
  width(size = this.sheets[this.current - 1].size) {
    const room = main.clientWidth - 2 * Number.parseFloat(getComputedStyle(main).paddingLeft);
    return Math.max(0.1, Math.min(WIDEST, room / size.width));
  }

  zoom(scale) {
    if (scale === this.scale) return;
    const place = main.scrollTop / this.scale;
    this.scale = scale;
    this.sheets.forEach((sheet) => sheet.resize());
    main.scrollTop = place * scale;
    this.sheets.filter((sheet) => sheet.near).forEach((sheet) => sheet.draw());
    this.say({ scale });
  }

  go(number) {
    const wanted = Math.max(1, Math.min(this.sheets.length, number));
    main.scrollTop = this.sheets[wanted - 1].element.offsetTop - main.offsetTop;
    this.mark(wanted);
  }

  /** The page in sight is the one that holds the upper third of the frame. */
  look() {
    const line = main.scrollTop + main.offsetTop + main.clientHeight / 3;
    const found = this.sheets.findLast((sheet) => sheet.element.offsetTop <= line);
    this.mark(found ? found.number : 1);
  }

  mark(number) {
    if (number === this.current) return;
    this.current = number;
    this.say({ page: number });
  }

  do(what) {
    const larger = SCALES.find((scale) => scale > this.scale + 0.01) ?? SCALES.at(-1);
    const smaller = SCALES.findLast((scale) => scale < this.scale - 0.01) ?? SCALES[0];
    if (what === "fit" || what === "larger" || what === "smaller") this.fits = what === "fit";
    const actions = {
      previous: () => this.go(this.current - 1),
      next: () => this.go(this.current + 1),
      first: () => this.go(1),
      last: () => this.go(this.sheets.length),
      larger: () => this.zoom(larger),
      smaller: () => this.zoom(smaller),
      fit: () => this.zoom(this.width()),
    };
    actions[what]?.();
  }
}

const KEYS = {
  ArrowLeft: "previous", ArrowRight: "next", n: "next", p: "previous", Home: "first", End: "last",
  "+": "larger", "=": "larger", "-": "smaller", 0: "fit",
};

async function start({ data, ports: [port] }) {
  document.documentElement.dataset.theme = data.theme;
  const say = (message) => port.postMessage(message);
  const transport = new PDFDataRangeTransport(data.length, new Uint8Array(data.bytes), data.bytes.byteLength >= data.length);
  transport.requestDataRange = (begin, end) => say({ want: [begin, Math.min(end, data.length)] });
  let viewer;
  let failed = "failed";
  port.onmessage = ({ data: message }) => {
    if (message.bytes) transport.onDataRange(message.begin, new Uint8Array(message.bytes));
    if (message.do) viewer?.do(message.do);
    if (message.page) viewer?.go(message.page);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !KEYS[event.key]) return;
    event.preventDefault();
    viewer?.do(KEYS[event.key]);
  });
  try {
    const worker = await hired();
    const loading = getDocument({
      ...(worker && { worker }),
      range: transport,
      disableAutoFetch: true,
      disableStream: true,
      enableXfa: false,
      isEvalSupported: false,
      useWasm: false, // no address to fetch it from: the decoders in JavaScript are imported
      wasmUrl: here(main.dataset.decoders),
      rangeChunkSize: 262144,
    });
    loading.onPassword = () => {
      failed = "password";
      loading.destroy();
    };
    viewer = new Viewer(await loading.promise, say);
    await viewer.open();
  } catch {
    say({ failed });
  }
}

window.addEventListener(
  "message",
  (event) => {
    // SECURITY: only the page around us is listened to, and once.
    if (event.source === window.parent && event.ports.length) start(event);
  },
  { once: true },
);
window.parent.postMessage("ready", "*");
