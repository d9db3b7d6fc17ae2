"use strict";
const form = document.getElementById("filter");
if (form) {
  const names = ["cause", "page", "kind", "known"];
  const all = [...document.querySelectorAll(".finding")];
  const show = () => {
    const wanted = names.map((name) => [name, form.elements[name] ? form.elements[name].value : ""]);
    const narrowed = wanted.some(([, value]) => value);
    let count = 0;
    for (const each of all) {
      each.hidden = wanted.some(([name, value]) => value && each.dataset[name] !== value);
      count += each.hidden ? 0 : 1;
    }
    for (const cause of document.querySelectorAll(".cause")) {
      cause.hidden = narrowed && !cause.querySelector(".finding:not([hidden])");
      for (const more of cause.querySelectorAll(":scope > details")) {
        more.hidden = !more.querySelector(".finding:not([hidden])");
        more.open = narrowed && !more.hidden;
      }
    }
    document.getElementById("count").textContent = `${count} of ${all.length} shown`;
  };
  form.hidden = false;
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show();
}
