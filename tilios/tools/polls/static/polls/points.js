// Points to share: buttons beside each field, and how many are left. The form works without this file.
for (const ballot of document.querySelectorAll("[data-points]")) {
  const fields = [...ballot.querySelectorAll("input[type=number]")];
  const said = ballot.querySelector("[data-points-left]");
  const value = (field) => Number.parseInt(field.value, 10) || 0;
  const tell = () => {
    const left = Number(ballot.dataset.points) - fields.reduce((sum, field) => sum + value(field), 0);
    const { leftOne, leftMany, noneLeft, over } = ballot.dataset;
    said.textContent =
      left === 0 ? noneLeft : left === 1 ? leftOne : left > 0 ? leftMany.replace("{count}", left) : over.replace("{count}", -left);
    said.classList.toggle("is-over", left < 0);
  };
  ballot.addEventListener("input", tell);
  ballot.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    const field = button.parentElement.querySelector("input");
    const next = value(field) + Number(button.dataset.step);
    field.value = Math.min(Math.max(next, 0), Number(field.max)) || "";
    tell();
  });
  tell();
}
