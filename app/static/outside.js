// Brings what other catalogues have into the search page; without it the link leads to the same on a page of its own.
for (const place of document.querySelectorAll("[data-outside]")) {
  bring(place);
}

async function bring(place) {
  const [invitation, waiting] = [place.querySelector("[data-invitation]"), place.querySelector("[data-waiting]")];
  invitation.hidden = true;
  waiting.hidden = false;
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(place.dataset.outside, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const part = new DOMParser().parseFromString(await answer.text(), "text/html");
    waiting.remove();
    invitation.replaceWith(...part.body.childNodes);
  } catch {
    waiting.hidden = true;
    invitation.hidden = false;
  } finally {
    place.removeAttribute("aria-busy");
  }
}
