// "/" brings the cursor to the search box, as readers know it from other sites.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const box = document.getElementById("q");
  if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});
