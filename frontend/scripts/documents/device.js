// Words typed without a network stay on the device until the server has them.
import { IndexeddbPersistence } from "y-indexeddb";
import { PREFIX } from "../signing_out.js";

// SECURITY: named by text and person; somebody else who signs in on this machine opens none of it.
export function keep(doc, { document, person }) {
  if (!window.indexedDB || !person) return null;
  const kept = new IndexeddbPersistence(`${PREFIX}${person}:${document}`, doc);
  return {
    ready: kept.whenSynced.then(
      () => true,
      () => false,
    ),
    origin: kept,
    forget: () => kept.clearData().catch(() => {}),
  };
}
