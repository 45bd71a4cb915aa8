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

// Another step, or another page, begins at its top and with the focus on its heading, wherever the last one was left.
let heading

function follow() {
  const main = document.querySelector('[data-testid="stMain"]')
  const title = main?.querySelector("h1")
  const now = title?.textContent
  if (heading && now && now !== heading) {
    main.scrollTo({ top: 0, behavior: "instant" })
    title.tabIndex = -1
    title.focus({ preventScroll: true })
  }
  heading = now || heading
}

// Who has only just arrived, by a link, by the menu or by Back, has made no step yet: the whole link takes the place of the one
// that led here, so that Back leads to where the visitor was before.
let arrived

function complete({ link, stamp }) {
  if (stamp === arrived) return
  arrived = stamp
  const own = [...new URLSearchParams(location.search)].filter(([key]) => key.startsWith("embed"))
  const whole = new URLSearchParams([...new URLSearchParams(link), ...own])
  if (String(new URLSearchParams(location.search)) !== String(whole)) {
    history.replaceState(history.state, "", `?${whole}${location.hash}`)
  }
}

// Pictures and charts have colours of their own, which a change of the theme leaves as they were.
let worn, tell

function dress() {
  const paper = getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor
  const [red, green, blue, alpha = 1] = paper.match(/[\d.]+/g).map(Number)
  if (!alpha) return // not dressed yet
  const now = red + green + blue < 3 * 128 ? "dark" : "light"
  if (worn && now !== worn) tell("theme", now)
  worn = now
}

// Browsers give a clipboard to pages that came over https or from this computer. On a classroom's plain http Streamlit's copy
// buttons would silently do nothing; the older way of copying still works there.
function copy(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text })
  field.style.position = "fixed"
  document.body.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  return copied ? Promise.resolve() : Promise.reject(new Error("The browser does not let this page copy."))
}

if (!navigator.clipboard) Object.defineProperty(navigator, "clipboard", { value: { writeText: copy }, configurable: true })

// A verdict is heard as well as seen. What announces it must be there before the words are.
let announced = ""

function announce() {
  let listener = document.getElementById("announced")
  if (!listener) {
    listener = document.body.appendChild(document.createElement("div"))
    listener.id = "announced"
    listener.setAttribute("role", "status")
  }
  const verdicts = document.querySelectorAll('[class*="st-key-verdict_"] [data-testid="stMarkdownContainer"]')
  const words = [...verdicts].map(node => node.textContent).join(" ")
  if (words !== announced) listener.textContent = words
  announced = words
}

// A chart that changes is taken away by Streamlit 1.67 and made anew, at every epoch of a run. On a busy computer its place would be
// empty for a tenth of a second in between. So a copy of each chart is kept, and stands there until the new one is drawn.
const CHART = ".js-plotly-plot:not([data-copy], [data-retained] *)"
const PLACE = '[class*="st-key-"]'
const copies = new Map()

const keyOf = chart => [...(chart.closest(PLACE)?.classList ?? [])].find(name => name.startsWith("st-key-"))
const drawn = place => [...place.querySelectorAll(CHART)].some(chart => chart.querySelector(".main-svg"))

function copyCharts() {
  for (const chart of document.querySelectorAll(CHART)) {
    const key = keyOf(chart)
    if (!key || !chart.querySelector(".main-svg") || copies.get(key)?.of === chart) continue
    const copy = chart.cloneNode(true)
    copy.dataset.copy = ""
    copy.inert = true
    copy.style.position = "absolute"
    copy.style.inset = 0
    copies.set(key, { of: chart, copy })
  }
}

function fillPlaces() {
  for (const [key, { of, copy }] of copies) {
    const place = document.querySelector(`.${CSS.escape(key)}:not([data-retained])`)
    if (!place) {
      if (!of.isConnected) copies.delete(key)
    } else if (drawn(place)) copy.remove()
    else if (!copy.isConnected) {
      place.style.position = "relative"
      place.append(copy)
    }
  }
}

let waiting = false

function repair() {
  waiting = false
  copyCharts()
  for (const [wrong, act] of REPAIRS) document.querySelectorAll(wrong).forEach(act)
  follow()
  dress()
  announce()
}

function soon() {
  fillPlaces()
  if (!waiting) requestAnimationFrame(repair)
  waiting = true
}

export default function ({ data, setTriggerValue }) {
  tell = setTriggerValue
  complete(data)
  const observer = new MutationObserver(soon)
  observer.observe(document.body, { childList: true, subtree: true })
  observer.observe(document.querySelector('[data-testid="stApp"]'), { attributes: true, attributeFilter: ["class"] })
  document.addEventListener("click", release, true)
  soon()
  return () => {
    observer.disconnect()
    document.removeEventListener("click", release, true)
  }
}
