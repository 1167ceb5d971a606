"""Styles and scripts use only what browsers of the last five years support: Chromium 92, Safari 15 and Firefox 100.

Look up new features first (MDN's compatibility data): one that all three support joins `KNOWN`; one that some support
joins `EXTRA`, with what other browsers show instead; anything else has to be written differently.
"""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "app" / "static"
CSS = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", (STATIC / "style.css").read_text(encoding="utf-8"), flags=re.DOTALL)
SCRIPTS = "\n".join(
    re.sub(r"//.*|\"[^\"]*\"", "", path.read_text(encoding="utf-8")) for path in sorted(STATIC.glob("*.js"))
)

KNOWN = {
    "property": """-webkit-box-orient -webkit-hyphens -webkit-line-clamp -webkit-text-size-adjust align-content
        align-items align-self animation aspect-ratio background block-size border border-block border-block-end
        border-block-end-color border-block-start border-collapse border-color border-inline-start border-radius
        border-width box-shadow box-sizing break-after clip-path color color-scheme column-gap content counter-increment
        counter-reset cursor display flex flex-basis flex-direction flex-wrap font font-family font-size font-style
        font-variant-east-asian font-variant-numeric font-weight gap grid-column grid-row grid-template
        grid-template-columns grid-template-rows inline-size inset inset-block-end inset-block-start inset-inline-end
        inset-inline-start justify-content justify-items justify-self letter-spacing line-break line-height list-style
        margin margin-block margin-block-end margin-block-start margin-inline margin-inline-end margin-inline-start
        max-block-size max-inline-size min-block-size min-inline-size object-fit opacity outline outline-offset
        overflow overflow-wrap overflow-x padding padding-block padding-block-end padding-block-start padding-inline
        padding-inline-end padding-inline-start place-items position resize scroll-margin-block-start
        scroll-padding-block-end scroll-padding-block-start text-align text-decoration text-decoration-thickness
        text-overflow text-size-adjust text-transform text-underline-offset touch-action transform transition
        vertical-align white-space z-index""",
    "selector": """-webkit-details-marker -webkit-search-cancel-button after before checked disabled first-child
        first-letter focus hover is lang last-child not nth-child placeholder root selection where""",
    "function": "calc clamp counter env inset max min minmax repeat rgb rotate translateY var",
    "at-rule": "@media",
    "unit": "% deg em fr mm ms pt px rem vh vw",
    "condition": "max-height max-width min-width prefers-color-scheme prefers-reduced-motion",
    "member": """abort aborted action add addEventListener advice all altKey answer append bits body books box.select
        catch cbrt charCodeAt childNodes children claim classList className clear click clients clone cloneNode
        closest content count counted createElement csrf_token ctrlKey dataset delete denied detect disabled
        documentElement drawImage elements error fast files fill filter firstElementChild focus forEach form get
        getContext getElementById getSupportedFormats getTracks getUserMedia has headers height hidden href id
        includes isComposing json kept key keys language length lines looking map match mediaDevices metaKey
        method min mode now offline ok open origin outside owned parentElement parseFromString play postMessage
        prepend preventDefault put querySelector querySelectorAll ready redirected register remove
        removeAttribute replace replaceChildren replaceWith request resolve respondWith root salt scrollIntoView
        select serviceWorker set setAttribute size skipWaiting slice split sqrt srcObject startsWith status stop
        submit suggest suggestions target test text textContent then title toBlob toLocaleString trim url value
        values version videoHeight videoWidth waitUntil way width worker working""",
    "operator": "... => ?.",
}
EXTRA = {
    "property": {
        "accent-color": "Chromium 93, Safari 15.4: boxes have the colour of the system",
        "hanging-punctuation": "Safari alone: a comma stands inside the line",
        "hyphens": "Safari 17 without prefix, which the prefixed line before it serves",
        "scrollbar-width": "Chromium 121, Safari 18.2: a row that is longer than the page has a bar below it",
        "text-spacing-trim": "Chromium 123 alone: punctuation keeps its width",
        "text-wrap": "Chromium 114, Safari 17.4, Firefox 121: lines break where they are full",
    },
    "selector": {
        "focus-visible": "Safari 15.4: the ring is the browser's own",
        "has": "Chromium 105, Safari 15.4, Firefox 121: the fields of a new address are always shown",
    },
    "member": {"BarcodeDetector": "Chromium on Android and macOS: pictures of the camera are read on the server"},
    "unit": {"dvh": "Chromium 108, Safari 15.4, Firefox 101: the line before it says vh"},
}


def found(kind: str) -> set[str]:
    """Return the features of this kind that are used."""
    rules = re.sub(r"@media[^{]*\{", "", CSS)
    selectors = " ".join(re.findall(r"([^{};]+)\{", rules))
    return {
        "property": lambda: set(re.findall(r"[{;]\s*(-?[a-z][\w-]*)\s*:", CSS)),
        "selector": lambda: set(re.findall(r"::?(-?[a-z][a-z-]*)", selectors)),
        "function": lambda: set(re.findall(r"([a-zA-Z-]+)\(", re.sub(r"[^{};]+\{", "", CSS))),
        "at-rule": lambda: set(re.findall(r"@[\w-]+", CSS)),
        "unit": lambda: set(re.findall(r"(?<![\w#-])\d*\.?\d+([a-z]+|%)", CSS)),
        "condition": lambda: set(re.findall(r"\(([\w-]+)", " ".join(re.findall(r"@media([^{]*)", CSS)))),
        "member": lambda: set(re.findall(r"(?<!\.)\??\.([a-zA-Z]\w*)", SCRIPTS)),
        "operator": lambda: set(re.findall(r"\.\.\.|=>|\?\.(?!\d)|\?\?=?|\*\*|\|\|=|&&=|#(?=\w)", SCRIPTS)),
    }[kind]()


@pytest.mark.parametrize(
    "kind", ["property", "selector", "function", "at-rule", "unit", "condition", "member", "operator"]
)
def test_every_feature_is_known_to_the_browsers_of_five_years(kind):
    assert found(kind) - set(KNOWN[kind].split()) - set(EXTRA.get(kind, {})) == set()


def test_no_rule_is_nested_and_no_range_is_written_with_signs():
    assert "&" not in CSS
    assert re.findall(r"@media[^{]*[<>=]", CSS) == []
    depth = deepest = 0
    for sign in re.findall(r"[{}]", re.sub(r"@media[^{]*", "@media", CSS)):
        depth += 1 if sign == "{" else -1
        deepest = max(deepest, depth)
    assert deepest == 2  # a rule inside @media


def test_digits_behind_han_letters_do_not_lie_over_each_other():
    """WebKit draws them over each other with text-autospace, which would insert the space by itself."""
    assert "text-autospace" not in CSS
