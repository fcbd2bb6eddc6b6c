// On a narrow screen the long tables and notes of a section are folded; its first table only if it
// is longer than two screens.
// A section that is wider than its place can be scrolled with the keyboard.
"use strict";
(() => {
  const TALL = 260, FIRST = 1700, NOTES = 300;
  const narrow = window.matchMedia("(max-width: 640px)");
  const fold = (parts, words) => {
    const made = document.createElement("details"), head = document.createElement("summary");
    made.className = "fold";
    made.open = !narrow.matches;
    head.textContent = words;
    parts[0].before(made);
    made.append(head, ...parts);
  };
  const height = (part) => part.getBoundingClientRect().height;
  const look = (section) => {
    for (const [k, table] of section.querySelectorAll(":scope > table").entries()) {
      if (height(table) < (k ? TALL : FIRST)) continue;
      const rows = table.tBodies[0]?.rows.length ?? 0, name = (table.caption ?? section.querySelector("h2"))?.innerText ?? "Table";
      fold([table], `${name} (${rows} ${rows === 1 ? "row" : "rows"})`);
    }
    const notes = Array.from(section.querySelectorAll(":scope > p.note"));
    if (notes.length > 1 && notes.reduce((sum, note) => sum + height(note), 0) > NOTES) {
      fold(notes, `Notes (${notes.length})`);
    }
  };
  const all = () => {
    for (const place of document.querySelectorAll(".findings")) {
      if (!place.clientWidth) continue;  // it is in a tab that is not open
      if (narrow.matches) place.querySelectorAll("section:not(.folded)").forEach((section) => {
        section.classList.add("folded");
        look(section);
      });
      if (place.scrollWidth > place.clientWidth + 1) {
        place.tabIndex = 0;
        place.setAttribute("role", "group");
        place.setAttribute("aria-label", "Tables wider than the page; scroll sideways");
      }
    }
  };
  let asked = 0;
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(all);
  };
  document.addEventListener("shown.bs.tab", soon);
  narrow.addEventListener("change", () => {
    document.querySelectorAll("details.fold").forEach((made) => { made.open = !narrow.matches; });
    soon();
  });
  document.addEventListener("DOMContentLoaded", () => {
    new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
  });
})();
