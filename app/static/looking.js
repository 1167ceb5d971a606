// Says how many books of the basket are still looked up, and then shows them, unless something was chosen meanwhile.
const line = document.querySelector("[data-looking]");
const [words, link] = line.children;
let chosen = false;

document.addEventListener("change", () => (chosen = true));
setTimeout(look, 2000);

async function look() {
  try {
    const answer = await fetch(link.href, { headers: { Accept: "application/json" } });
    const { looking = 0 } = await answer.json();
    words.textContent = line.dataset.looking.replace("#", looking);
    if (!looking && !chosen) location.replace(link.href);
    if (!looking) return;
  } catch {
    // The link beside it still works.
  }
  setTimeout(look, 3000);
}
