// The menu of a narrow screen and the tabs of a wide one show the same part.
"use strict";
(() => {
  const link = (key) => document.querySelector(`.follows .nav-link[data-value="${CSS.escape(key)}"]`);
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.(".tab-menu")) return;
    for (const key of event.target.value.split(" ")) link(key)?.click();
  });
  // A move in the drawing of the game tree leads to its place in the walk through the game.
  document.addEventListener("click", (event) => {
    const at = event.target.closest?.(".findings [data-node]");
    if (!at) return;
    for (const key of ["reasons", "tree"]) link(key)?.click();
    window.Shiny.setInputValue("tree-open", at.getAttribute("data-node"), { priority: "event" });
  });
  document.addEventListener("shown.bs.tab", () => {
    const menu = document.querySelector(".tab-menu");
    const keys = Array.from(document.querySelectorAll(".follows .nav-link.active"))
      .filter((at) => at.dataset.value && !at.closest(".follows .tab-pane:not(.active)"))
      .map((at) => at.dataset.value);
    if (menu) menu.value = keys.join(" ");
  });
})();
