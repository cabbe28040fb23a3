"use strict";
const body = document.querySelector("tbody");
const rows = [...body.rows];

const search = document.querySelector("input[type=search]");
search.hidden = false;
search.addEventListener("input", () => {
  const wanted = search.value.toLocaleLowerCase();
  for (const row of rows) row.hidden = !row.dataset.name.toLocaleLowerCase().includes(wanted);
});

const compared = new Intl.Collator(undefined, { numeric: true }).compare;
for (const button of document.querySelectorAll("th button")) {
  const head = button.parentElement;
  const value = (row) => row.cells[head.cellIndex].dataset.sort ?? "";
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    rows.sort((a, b) => (down ? -1 : 1) * compared(value(a), value(b)));
    body.append(...rows);
  });
}
