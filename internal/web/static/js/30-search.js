// The suggestions of the search bar as a listbox: arrows, Enter, Escape, and what a screen reader hears of them. What they
// are comes from the server; without this script Enter leads to the page with all matches.
(() => {
  const input = document.querySelector("[data-search]"), list = document.getElementById("suggestions");
  if (!input || !list) return;
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  list.after(said);
  let active = null;

  const options = () => [...list.querySelectorAll("a[role=option]")];
  const isOpen = () => input.getAttribute("aria-expanded") === "true";
  function point(o) {
    active?.setAttribute("aria-selected", "false");
    active = o;
    if (!o) return input.removeAttribute("aria-activedescendant");
    o.setAttribute("aria-selected", "true");
    o.scrollIntoView({block: "nearest"});
    input.setAttribute("aria-activedescendant", o.id);
  }
  function show(on) {
    on = on && list.childElementCount > 0;
    list.toggleAttribute("data-closed", !on);
    input.setAttribute("aria-expanded", String(on));
    if (!on) point(null);
  }

  document.addEventListener("htmx:after:swap", () => {
    if (list.contains(active)) return;
    point(null);
    const fresh = list.querySelector("[data-said]");
    const words = fresh ? fresh.dataset.said : "";
    if (words !== said.textContent) said.textContent = words;
  });
  new MutationObserver(() => {
    if (active && !list.contains(active)) point(null);
    show(document.activeElement === input && input.value.trim() !== "");
  }).observe(list, {childList: true});

  input.addEventListener("input", () => { if (!input.value.trim()) { list.replaceChildren(); show(false); } });
  input.addEventListener("focus", () => show(input.value.trim() !== ""));
  input.closest("form").addEventListener("focusout", e => { if (!input.closest("form").contains(e.relatedTarget)) show(false); });
  list.addEventListener("pointerdown", e => { if (e.pointerType === "mouse" && e.button === 0) e.preventDefault(); }); // the field keeps the focus
  input.addEventListener("keydown", e => {
    if (e.isComposing) return;
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      const all = options();
      if (!all.length) return;
      e.preventDefault();
      if (!isOpen()) show(true);
      const at = all.indexOf(active), step = e.key === "ArrowDown" ? 1 : -1;
      const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
      point(all[next] ?? null);
    } else if (e.key === "Enter" && active && isOpen()) {
      e.preventDefault();
      if (e.ctrlKey || e.metaKey) open(active.href, "_blank", "noopener"); else active.click();
    } else if (e.key === "Escape") {
      if (isOpen()) { e.preventDefault(); show(false); }
      else if (input.value) { e.preventDefault(); input.value = ""; list.replaceChildren(); }
      else input.blur();
    } else if (e.key === "Tab") {
      show(false);
    }
  });
})();
