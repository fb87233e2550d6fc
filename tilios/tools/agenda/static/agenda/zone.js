// A reader whose clock shows another hour is offered the hours of where they are.
const place = document.querySelector("[data-zone]");
const hint = document.querySelector("[data-zone-hint]");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function offset(zone) {
  const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts();
  return parts.find((part) => part.type === "timeZoneName").value;
}

if (place && hint && here && offset(here) !== offset(place.dataset.zone)) {
  const address = new URL(location.href);
  address.searchParams.set("fuseau", here);
  hint.hidden = false;
  hint.querySelector("a").href = address.search;
  hint.querySelector("[data-zone-name]").textContent = `(${here.split("/").at(-1).replaceAll("_", " ")})`;
}
