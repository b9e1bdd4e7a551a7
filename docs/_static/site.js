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
