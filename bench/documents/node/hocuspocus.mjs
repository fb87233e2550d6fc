// Hocuspocus as its manual starts it: `node hocuspocus.mjs PORT [DATABASE]`, storing in SQLite if DATABASE is given.
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const [port, database] = process.argv.slice(2);
const extensions = database ? [new SQLite({ database })] : [];
new Server({ port: Number(port), address: "127.0.0.1", quiet: true, extensions }).listen();
