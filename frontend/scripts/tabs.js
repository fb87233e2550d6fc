// On a narrow screen the tab of this page may lie beyond the edge: bring it into view, without moving the page.
for (const current of document.querySelectorAll(".tabs a[aria-current]")) {
  const frame = current.closest(".tabs");
  frame.scrollLeft = current.offsetLeft - (frame.clientWidth - current.offsetWidth) / 2;
}
