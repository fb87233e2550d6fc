// A passkey that was not used: say why in the page, where allauth only writes to the console.
document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("passkey-trouble");
  if (!place) return;
  event.preventDefault();
  const name = event.detail.exception?.name;
  const { known, address, refused } = place.dataset;
  place.textContent = { InvalidStateError: known, SecurityError: address }[name] ?? refused;
  place.hidden = false;
});
