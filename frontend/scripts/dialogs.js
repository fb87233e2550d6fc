// [data-dialog] opens its popovertarget as a modal dialog; [data-confirm] asks before a form or a link goes on.
import { fromTemplate } from "./words.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.getAttribute("popovertarget"));
    if (dialog?.showModal && !dialog.open) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog.open) {
      event.preventDefault();
      dialog.close();
    }
    return;
  }
  // A click on the veil, outside the box, closes too.
  if (event.target instanceof HTMLDialogElement && event.target.open) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside && event.detail) event.target.close();
  }
});

function ask(text, { yes, danger }) {
  const dialog = fromTemplate("ui-confirm");
  if (!dialog?.showModal) return Promise.resolve(window.confirm(text));
  dialog.querySelector('[data-slot="text"]').textContent = text;
  const button = dialog.querySelector('[data-slot="yes"]');
  if (yes) button.textContent = yes;
  button.classList.toggle("button--danger", danger);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

const askAbout = (element) =>
  ask(element.dataset.confirm, {
    yes: element.dataset.confirmYes,
    danger: "confirmDanger" in element.dataset || element.matches(".button--danger, .danger"),
  });

// Seen before htmx: a request waits for the answer too.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const source = event.submitter?.closest("[data-confirm]") ?? form.closest("[data-confirm]");
    if (!source || form.dataset.confirmed) return delete form.dataset.confirmed;
    event.preventDefault();
    event.stopImmediatePropagation();
    askAbout(source).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    });
  },
  true,
);
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (!link || link.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    askAbout(link).then((yes) => {
      if (!yes) return;
      link.dataset.confirmed = "yes";
      link.click();
      delete link.dataset.confirmed;
    });
  },
  true,
);
