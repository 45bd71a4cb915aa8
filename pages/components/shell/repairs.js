// What axe-core finds in Streamlit 1.67's own markup, put right wherever it appears on the page.

const SCROLLS = node => node.scrollWidth > node.clientWidth || node.scrollHeight > node.clientHeight

const REPAIRS = [
  // A box that scrolls has to be reachable by keyboard (WCAG 2.2, 2.1.1).
  ['[data-testid="stCode"] pre:not([tabindex])', node => SCROLLS(node) && (node.tabIndex = 0)],
  // It has a name, so it is not presentational (WAI-ARIA 1.2, presentational roles conflict resolution).
  ['[data-testid="stFileUploaderDropzone"][role="presentation"]', node => node.removeAttribute("role")],
]

// A switch that was clicked keeps the focus, and Streamlit's shortcuts (the arrow keys of a lesson) are not for whoever is
// in a field. Who uses the keyboard (a click without a pointer has no detail) stays where they are.
function release(event) {
  if (!event.detail) return
  setTimeout(() => document.activeElement.matches("input[type=checkbox]") && document.activeElement.blur())
}

// Another step, or another page, begins at its top, wherever the last one was left.
let heading

function follow() {
  const main = document.querySelector('[data-testid="stMain"]')
  const now = main?.querySelector("h1")?.textContent
  if (heading && now && now !== heading) main.scrollTo({ top: 0, behavior: "instant" })
  heading = now || heading
}

let waiting = false

function repair() {
  waiting = false
  for (const [wrong, act] of REPAIRS) document.querySelectorAll(wrong).forEach(act)
  follow()
}

function soon() {
  if (!waiting) requestAnimationFrame(repair)
  waiting = true
}

export default function () {
  const observer = new MutationObserver(soon)
  observer.observe(document.body, { childList: true, subtree: true })
  document.addEventListener("click", release, true)
  soon()
  return () => {
    observer.disconnect()
    document.removeEventListener("click", release, true)
  }
}
