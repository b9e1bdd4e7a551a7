// From disk a browser may not read other pages, so search results come without excerpts there.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// The theme's buttons that unfold a branch of the navigation carry an icon only.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("nav details > summary")) {
    const branch = button.closest("li").querySelector("a").textContent.trim();
    button.setAttribute("aria-label", `Pages below ${branch}`);
  }
});

// Short code, such as a command, is not broken into lines; see site.css.
document.addEventListener("DOMContentLoaded", () => {
  for (const code of document.querySelectorAll("code.literal")) {
    code.classList.add(code.textContent.length > 22 ? "long" : "short");
  }
});

// What is wider than its place can be scrolled, by keys too, and fades where there is more to see.
document.addEventListener("DOMContentLoaded", () => {
  const wide = ".pst-scrollable-table-container, .bd-article p:has(> img), .bd-article pre, div.math";
  const look = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    box.classList.toggle("more", hidden > 1 && box.scrollLeft < hidden - 1);
    if (hidden > 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const watch = new ResizeObserver((entries) => entries.forEach(({ target }) => look(target)));
  for (const box of document.querySelectorAll(wide)) {
    watch.observe(box);
    box.addEventListener("scroll", () => look(box), { passive: true });
  }
});
