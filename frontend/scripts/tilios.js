// Every page works without this file; it makes pages quicker to use. No inline code, no eval (strict CSP).
import "./server.js";
import "./menus.js";
import "./dialogs.js";
import "./forms.js";
import "./toasts.js";
import "./shortcuts.js";
import "./quick.js";
import "./mentions.js";
import "./tables.js";
import "./tabs.js";
import "./device.js";
import "./live.js";
import "./preview.js";
import "./push.js";
import "./signing_out.js";

document.documentElement.classList.add("js");
