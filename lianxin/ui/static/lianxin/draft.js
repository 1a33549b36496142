// Drafts: an element <span data-draft hx-post="…"> inside the form sends it a moment after each change (htmx does the sending).
// Here: what the bar says meanwhile, trying again once the network is back, and asking before an unsaved page is left.
(() => {
  "use strict";

  const draft = document.querySelector("[data-draft]");
  const state = document.getElementById("draft-state");
  if (!draft || !state) return;

  let isKept = true;
  let isLeaving = false;
  const say = (words, isWrong) => {
    state.textContent = words;
    state.classList.toggle("is-wrong", isWrong);
  };
  const clock = () => new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const again = () => {
    if (!isKept) draft.dispatchEvent(new Event("keep", { bubbles: true }));
  };

  draft.closest("form").addEventListener("input", () => {
    isKept = false;
    isLeaving = false;
  });
  // Once the form itself is on its way a draft that follows would bring back what is saved by then.
  draft.addEventListener("htmx:beforeRequest", (event) => {
    if (isLeaving) event.preventDefault();
  });
  draft.closest("form").addEventListener("submit", () => {
    isLeaving = true;
  });
  draft.addEventListener("htmx:afterRequest", (event) => {
    isKept = event.detail.successful;
    if (isKept) say(`草稿已存 ${clock()}`, false);
    else say("还没存上，别关这一页", true);
  });
  window.addEventListener("online", again);
  setInterval(again, 15000);
  window.addEventListener("beforeunload", (event) => {
    if (!isKept && !isLeaving) event.preventDefault();
  });
})();
