// The editor of live texts: an element that the page fills with the text as the server draws it.
import { Text } from "./text.js";

if (!customElements.get("tilios-text")) customElements.define("tilios-text", Text);
