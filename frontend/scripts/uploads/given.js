// What was chosen or dropped, as [{ file, path }]: folders are walked, `path` is where a file was in them.
export function chosen(input) {
  return [...input.files].map((file) => ({ file, path: parent(file.webkitRelativePath) }));
}

// Entries must be taken while the event lasts; reading them takes longer.
export async function dropped(transfer) {
  const items = [...transfer.items].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = items.map((item) => item.getAsFile());
  const found = [];
  for (const [place, entry] of entries.entries()) {
    if (entry?.isDirectory) await walk(entry, found);
    else if (files[place]) found.push({ file: files[place], path: "" });
  }
  return found;
}

async function walk(folder, found) {
  const reader = folder.createReader();
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return; // a browser gives a hundred at a time
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry, found);
      else found.push({ file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path: parent(entry.fullPath) });
    }
  }
}

const parent = (path) => path.replace(/^\//, "").split("/").slice(0, -1).join("/");
