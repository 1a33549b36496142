// How much has been written, and when it is too much: <p data-counts="id of a textarea[data-limit]">.
(() => {
  "use strict";

  const count = (area) => {
    const counter = document.querySelector(`[data-counts="${area.id}"]`);
    if (!counter) return;
    const written = [...area.value].length;
    const limit = Number(area.dataset.limit) || 0;
    const isOver = limit > 0 && written > limit;
    counter.hidden = written === 0;
    counter.textContent = isOver ? `${written} 字，超出 ${written - limit} 字` : `${written} 字`;
    counter.classList.toggle("is-over", isOver);
  };

  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea[data-limit]")) count(event.target);
  });
  document.querySelectorAll("textarea[data-limit]").forEach(count);
})();
