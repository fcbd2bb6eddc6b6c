// The library tells and asks at its top; bring that into view, and the keyboard to the question.
document.addEventListener("DOMContentLoaded", () => {
  const told = document.querySelector(".library #told");
  if (!told) return;
  new MutationObserver(() => {
    if (!told.firstElementChild) return;
    told.scrollIntoView({ block: "nearest" });
    const answer = told.querySelector(".question button, #undo");
    if (answer) answer.focus({ preventScroll: true });
  }).observe(told, { childList: true, subtree: true });
});
