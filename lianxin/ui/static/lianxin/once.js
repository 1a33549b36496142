// A form goes once: a second click on 保存 does nothing. A lost network is said, not swallowed.
(() => {
  "use strict";

  // By attribute: a field named "id" or "method" hides the form's own property of that name.
  const submitters = (form) => {
    const id = form.getAttribute("id");
    const inside = form.querySelectorAll("button:not([type=button]), input[type=submit]");
    return id ? [...inside, ...document.querySelectorAll(`button[form="${CSS.escape(id)}"]`)] : [...inside];
  };
  const isPost = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";

  const settle = (form, isBusy) => {
    for (const button of submitters(form)) {
      button.disabled = isBusy;
      if (isBusy) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
    form.toggleAttribute("data-sent", isBusy);
  };

  const say = (sentence) => {
    const place = document.getElementById("messages");
    if (!place) return;
    const notice = document.createElement("div");
    const words = document.createElement("p");
    notice.className = "notice is-red";
    words.textContent = sentence;
    notice.append(words);
    place.replaceChildren(notice);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !isPost(form)) return;
    if (form.hasAttribute("data-sent")) {
      event.preventDefault();
      return;
    }
    // After this turn: a disabled button would not be sent along with its name.
    setTimeout(() => settle(form, true), 0);
  });

  // Back from the next page, the form is alive again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => settle(form, false));
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest("form[data-sent]");
    if (form) settle(form, false);
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (!event.target.hasAttribute("data-draft")) say("没有网络，刚才这一步没有送出去。等有了网络再点一次。");
  });
  document.addEventListener("htmx:responseError", () => say("系统没有答上来，刚才这一步没有办成。请稍后再试。"));

  // What is wrong with a form is read first.
  document.getElementById("mistakes")?.focus();
})();
