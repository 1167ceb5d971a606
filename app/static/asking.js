// Shows only what the chosen way needs, for browsers whose style sheets can not tell which one is chosen.
const form = document.querySelector(".request .form");
const parts = form ? [...form.querySelectorAll(".for-way")] : [];

function show() {
  const chosen = form.querySelector("[name='way']:checked")?.value;
  for (const part of parts) {
    part.hidden = part.dataset.way !== chosen;
  }
}

if (form?.querySelector("[name='way'][type='radio']")) {
  form.addEventListener("change", show);
  show();
}
