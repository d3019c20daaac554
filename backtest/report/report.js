"use strict";
(() => {
  const key = (row, column) => {
    const cell = row.cells[column];
    const raw = cell.dataset.v;
    return raw === undefined ? cell.textContent.toLowerCase() : raw === "" ? null : Number(raw);
  };
  const compare = (a, b) => (a === null) - (b === null) || (a < b ? -1 : a > b ? 1 : 0);

  const sortBy = (table, column, header) => {
    const down = header.getAttribute("aria-sort") === "ascending";
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => [key(row, column), row]);
    rows.sort((a, b) => (a[0] === null || b[0] === null ? compare(a[0], b[0]) : (down ? -1 : 1) * compare(a[0], b[0])));
    rows.forEach(([, row]) => body.append(row));
    table.querySelectorAll("thead th").forEach((th) => th.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", down ? "descending" : "ascending");
  };

  const filter = (grid, words) => {
    const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = [...grid.querySelectorAll("tbody tr")];
    rows.forEach((row) => { row.hidden = !wanted.every((word) => row.textContent.toLowerCase().includes(word)); });
    const shown = rows.filter((row) => !row.hidden).length;
    grid.querySelector(".shown").textContent = wanted.length ? `${shown} of ${rows.length} rows` : "";
  };

  const field = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const save = (grid, name) => {
    const rows = [...grid.querySelectorAll("tr")].filter((row) => !row.hidden);
    const value = (cell) => (cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent);
    const text = rows.map((row) => [...row.cells].map((cell) => field(value(cell))).join(",")).join("\n") + "\n";
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  document.querySelectorAll(".grid").forEach((grid) => {
    const input = grid.querySelector("input");
    input.addEventListener("input", () => filter(grid, input.value));
    grid.querySelector(".csv").addEventListener("click", (event) => save(grid, event.currentTarget.dataset.name));
    grid.querySelectorAll("thead th").forEach((header, column) => {
      header.firstElementChild.addEventListener("click", () => sortBy(grid.querySelector("table"), column, header));
    });
  });

  document.querySelectorAll("[data-filter]").forEach((link) => link.addEventListener("click", () => {
    const grid = document.querySelector(link.getAttribute("href"));
    const input = grid && grid.querySelector("input");
    if (!input) { return; }
    input.value = link.dataset.filter;
    filter(grid, input.value);
  }));

  const openTarget = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { target.open = true; target.scrollIntoView(); }
  };
  window.addEventListener("hashchange", openTarget);
  openTarget();

  const cards = [...document.querySelectorAll("details.event")];
  const openAll = (open) => document.querySelectorAll("details").forEach((card) => { card.open = open; });
  if (!document.getElementById("open-all")) { return; }
  document.getElementById("open-all").addEventListener("click", () => openAll(true));
  document.getElementById("close-all").addEventListener("click", () => openAll(false));
  document.getElementById("find-event").addEventListener("input", (event) => {
    const wanted = event.currentTarget.value.toLowerCase().split(/\s+/).filter(Boolean);
    cards.forEach((card) => { card.hidden = !wanted.every((word) => card.textContent.toLowerCase().includes(word)); });
  });
})();
