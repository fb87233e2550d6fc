// Pages of money: the amount follows what is ticked until it is typed; the arrows go from line to line of the queue.
(() => {
  const box = document.querySelector("[data-sum]");
  const amount = document.querySelector("#id_amount_cents");
  const gift = document.querySelector("#id_gift_cents");
  const cents = (text) => Math.round(100 * Number(text.replace(/[\s€]/g, "").replace(",", ".")) || 0);

  if (box && amount) {
    let typed = amount.value !== "";
    const add = () => {
      if (typed) return;
      const ticked = [...box.querySelectorAll("input:checked")].reduce((sum, one) => sum + Number(one.dataset.cents), 0);
      const sum = ticked + (gift ? cents(gift.value) : 0);
      amount.value = sum ? (sum / 100).toFixed(2).replace(".", document.documentElement.lang === "fr" ? "," : ".") : "";
    };
    amount.addEventListener("input", () => (typed = amount.value !== ""));
    box.addEventListener("change", add);
    gift?.addEventListener("input", add);
    add();
  }

  const queue = document.querySelector("[data-queue]");
  queue?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("input, textarea, select")) return;
    const firsts = [...queue.querySelectorAll("[data-first]")];
    const here = firsts.findIndex((one) => one.closest("li").contains(event.target));
    const next = firsts[here + step];
    if (next) {
      event.preventDefault();
      next.focus();
      next.closest("li").scrollIntoView({ block: "nearest" });
    }
  });
})();
