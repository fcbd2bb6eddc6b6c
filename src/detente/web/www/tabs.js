// The menu of a narrow screen and the tabs of a wide one show the same part.
"use strict";
(() => {
  const link = (key) => document.querySelector(`.follows .nav-link[data-value="${CSS.escape(key)}"]`);
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.(".tab-menu")) return;
    for (const key of event.target.value.split(" ")) link(key)?.click();
  });
  document.addEventListener("shown.bs.tab", () => {
    const menu = document.querySelector(".tab-menu");
    const keys = Array.from(document.querySelectorAll(".follows .nav-link.active"))
      .filter((at) => at.dataset.value && !at.closest(".follows .tab-pane:not(.active)"))
      .map((at) => at.dataset.value);
    if (menu) menu.value = keys.join(" ");
  });
})();
