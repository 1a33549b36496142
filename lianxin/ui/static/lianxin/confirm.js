// <form data-confirm="撤回这次走访？" data-confirm-note="…" data-confirm-yes="撤回">: asks before it goes.
(() => {
  "use strict";

  const dialog = document.getElementById("confirm");
  let waiting = null;

  // Before once.js hears of it, hence the capture.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!dialog?.showModal || !form.dataset.confirm || form.hasAttribute("data-confirmed")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting = { form, submitter: event.submitter };
      document.getElementById("confirm-title").textContent = form.dataset.confirm;
      document.getElementById("confirm-note").textContent = form.dataset.confirmNote || "";
      document.getElementById("confirm-yes").textContent = form.dataset.confirmYes || "确定";
      dialog.returnValue = "no";
      dialog.showModal();
    },
    true,
  );

  dialog?.addEventListener("close", () => {
    const asked = waiting;
    waiting = null;
    if (!asked || dialog.returnValue !== "yes") return;
    asked.form.setAttribute("data-confirmed", "");
    asked.form.requestSubmit(asked.submitter);
    asked.form.removeAttribute("data-confirmed");
  });
})();
