// "This name is taken": one question at a time, answered once for all the others if one likes.
export class Question {
  constructor(template) {
    this.template = template;
    this.forAll = "";
    this.waiting = Promise.resolve();
  }

  // The choice for `transfer`: "replace", "both", "skip", or "" when the question was closed without an answer.
  ask(transfer) {
    this.waiting = this.waiting.then(() => (transfer.state === "asking" ? this.forAll || this.open(transfer) : ""));
    return this.waiting;
  }

  // A new choice of files is a new question.
  reset() {
    this.forAll = "";
  }

  open(transfer) {
    const dialog = this.template.content.firstElementChild.cloneNode(true);
    dialog.querySelector('[data-slot="text"]').textContent = transfer.message;
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener("close", () => {
        const choice = dialog.returnValue;
        if (choice && dialog.querySelector("[name=all]").checked) this.forAll = choice;
        dialog.remove();
        answer(choice);
      });
    });
  }
}
