// htmx, kept within the security policy: no eval, no injected style, no page of a person left in the browser.
import htmx from "htmx.org";
import { toast } from "./toasts.js";
import { word } from "./words.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  attributesToSettle: ["class", "width", "height"], // never "style": the policy refuses it
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  selfRequestsOnly: true,
  scrollBehavior: "auto",
  // A refused form (422) comes back with its errors, and takes its place like an accepted one.
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb === "get") return;
  const token =
    document.querySelector('meta[name="csrf-token"]')?.content ??
    document.querySelector('input[name="csrfmiddlewaretoken"]')?.value;
  if (token) detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:sendError", () => toast(word("network"), "danger"));
document.addEventListener("htmx:responseError", ({ detail }) => {
  // A refusal that has its own sentence comes with it (HX-Trigger: toast).
  if (!detail.xhr.getResponseHeader("HX-Trigger")) toast(word("refused"), "danger");
});
