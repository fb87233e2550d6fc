// Build everything the browser receives into tilios/ui/static/ui/build/.  `node build.mjs [--watch]`
import * as esbuild from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const ui = path.join(here, "..", "tilios", "ui");
const out = path.join(ui, "static", "ui", "build");
const modules = path.join(here, "node_modules");

// A theme is written once, as `:root[data-theme="NAME"] { … }`; it also serves people who follow their system.
const follows = { dark: "(prefers-color-scheme: dark)", contrast: "(prefers-contrast: more)" };
const themes = {
  name: "themes",
  setup(build) {
    build.onLoad({ filter: /styles[\\/]themes[\\/]\w+\.css$/ }, async ({ path: file }) => {
      const name = path.basename(file, ".css");
      const rules = await readFile(file, "utf8");
      const system = rules.replaceAll(`[data-theme="${name}"]`, '[data-theme="auto"]');
      return {
        loader: "css",
        contents: `@media screen { ${rules} }\n@media screen and ${follows[name]} { ${system} }`,
      };
    });
  },
};

const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "styles/tilios.css", out: "tilios" },
    { in: "scripts/tilios.js", out: "tilios" },
    { in: "scripts/uploads/index.js", out: "uploads" }, // where files are sent only
  ],
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari15.6"],
  format: "iife",
  mainFields: ["module", "main"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  legalComments: "none",
  logLevel: "info",
  plugins: [themes],
};

// The viewer of PDF documents is a page of its own (core/reading): a module, so that its frame without origin may load it.
const viewer = {
  ...options,
  entryPoints: [
    { in: "styles/viewer.css", out: "viewer" },
    { in: "scripts/viewer.js", out: "viewer" },
  ],
  format: "esm",
};

// The editor of live texts. What is rare (formulas) is a part of its own, fetched when a text holds some.
const documents = {
  ...options,
  entryPoints: [
    { in: "styles/documents.css", out: "documents" },
    { in: "scripts/documents/index.js", out: "documents" },
  ],
  format: "esm",
  splitting: true,
  chunkNames: "documents/[name]-[hash]",
};

async function pdf() {
  const from = path.join(modules, "pdfjs-dist");
  const to = path.join(out, "pdf");
  await mkdir(to, { recursive: true });
  await copyFile(path.join(from, "legacy/build/pdf.worker.min.mjs"), path.join(to, "worker.js"));
  for (const name of ["jbig2_nowasm_fallback.js", "openjpeg_nowasm_fallback.js"]) {
    await copyFile(path.join(from, "wasm", name), path.join(to, name));
  }
}

async function icons() {
  const list = (await readFile(path.join(here, "icons.txt"), "utf8")).replace(/^#.*$/gm, "");
  const names = [...new Set(list.split(/\s+/).filter(Boolean))].sort();
  const symbols = await Promise.all(
    names.map(async (name) => {
      const svg = await readFile(path.join(modules, "lucide-static", "icons", `${name}.svg`), "utf8");
      const drawing = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  await writeFile(
    path.join(out, "icons.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`,
  );
  await writeFile(path.join(ui, "icons.json"), `${JSON.stringify(names, null, 1)}\n`);
}

// What is shipped keeps its licence text beside it.
async function licences() {
  const shipped = [
    "htmx.org",
    "lucide-static",
    "tus-js-client",
    "@fontsource-variable/bricolage-grotesque",
    "@fontsource-variable/atkinson-hyperlegible-next",
    "pdfjs-dist",
    ...["yjs", "y-protocols", "y-indexeddb", "y-prosemirror", "lib0", "katex"],
    ...["model", "state", "view", "transform", "commands", "schema-list", "keymap", "inputrules", "tables"].map(
      (part) => `prosemirror-${part}`,
    ),
    ...["prosemirror-dropcursor", "prosemirror-gapcursor", "orderedmap", "w3c-keyname"],
  ];
  const parts = await Promise.all(
    shipped.map(async (name) => {
      const { version, license } = JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8"));
      const text = await readFile(path.join(modules, name, "LICENSE"), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
  );
  for (const name of ["LICENSE_JBIG2", "LICENSE_PDFJS_JBIG2", "LICENSE_OPENJPEG", "LICENSE_PDFJS_OPENJPEG"]) {
    const text = await readFile(path.join(modules, "pdfjs-dist", "wasm", name), "utf8");
    parts.push(`pdfjs-dist: ${name.replace("LICENSE_", "")}\n\n${text.trim()}\n`);
  }
  await writeFile(path.join(out, "LICENSES.txt"), parts.join(`\n${"-".repeat(100)}\n\n`));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([icons(), licences(), pdf()]);
for (const one of [options, viewer, documents]) {
  if (process.argv.includes("--watch")) {
    await (await esbuild.context(one)).watch();
  } else {
    await esbuild.build(one);
  }
}
