// Files sent in several goes (tus 1.0): an element around an ordinary form, which works without this file.
import { Uploader } from "./uploader.js";

if (!customElements.get("tilios-uploader")) customElements.define("tilios-uploader", Uploader);
