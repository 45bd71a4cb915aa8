// Zoom, pan, find, click and save a drawing that st.graphviz_chart has put elsewhere on the page.
//
// The drawing is an <svg> in the block `.st-key-{data.drawing}`. Its box becomes a window that scrolls; zooming changes
// the size of the picture in it, so that fingers, wheels, scroll bars and arrow keys pan without any help from here.
// Streamlit redraws into the same <svg>, so everything is done again whenever the picture changes.

const SMALLEST = 0.05, LARGEST = 4, STEP = 1.25
const OVERVIEW = 0.5 // a first look shows all of a drawing that needs no smaller scale than this;
const LEGIBLE = 0.75 // of a larger one it shows a part at this scale, and the rest is reached by panning
const DRAG = 4 // pixels that a pointer moves before a click becomes a pan

const memory = new WeakMap()

export default function (component) {
  const { parentElement } = component
  let tools = memory.get(parentElement)
  if (!tools) memory.set(parentElement, (tools = new Tools(parentElement)))
  tools.update(component)
  return () => tools.end()
}

class Tools {
  constructor(parent) {
    this.parent = parent
    this.scale = 1
    this.chosen = false // whether the visitor chose the scale
    this.life = new AbortController()
    this.drawn = new MutationObserver(() => this.look())
    this.moved = new MutationObserver(() => this.block?.isConnected || this.find())
    this.moved.observe(document.body, { childList: true, subtree: true })
    this.listen(parent.querySelector(".graph-tools"), "click", event => this.press(event.target.closest("button")))
  }

  update({ data, setTriggerValue }) {
    if (this.data && this.data.model !== data.model) this.chosen = false
    if (!this.data || this.data.target !== data.target) this.sought = false
    this.data = data
    this.send = setTriggerValue
    for (const button of this.parent.querySelectorAll("button")) {
      const label = data.labels[button.name]
      button.textContent = label.text
      button.title = label.title
      button.setAttribute("aria-label", label.title)
    }
    this.find()
  }

  // Streamlit may put the drawing elsewhere, or make its block anew, without telling.
  find() {
    const block = document.querySelector(`.st-key-${this.data.drawing}`)
    if (block && block !== this.block) {
      this.block = block
      this.drawn.disconnect()
      this.drawn.observe(block, {
        childList: true, subtree: true, attributes: true, attributeFilter: ["viewBox", "class", "id", "style"],
      })
    }
    this.look()
  }

  listen(target, type, act, options = {}) {
    target.addEventListener(type, act, { ...options, signal: this.life.signal })
  }

  end() {
    this.life.abort()
    this.drawn.disconnect()
    this.moved.disconnect()
    memory.delete(this.parent)
  }

  // The drawing may be absent, half drawn or new: bring it to the state that is wanted. Doing so twice changes nothing.
  look() {
    const box = this.block?.querySelector('[data-testid="stGraphVizChart"]')
    const svg = box?.querySelector("svg")
    if (!svg?.querySelector("g.graph")) return
    if (box !== this.box) this.adopt(box)
    const viewBox = svg.getAttribute("viewBox")
    // Streamlit's renderer takes the size away when it draws into the same picture.
    if (viewBox !== this.viewBox || svg !== this.svg || !svg.style.width) {
      const at = viewBox === this.viewBox ? this.at : undefined // the same layout, drawn afresh
      this.svg = svg
      this.viewBox = viewBox
      const [, , width, height] = viewBox.split(/[ ,]+/).map(Number)
      this.natural = { width: (width * 4) / 3, height: (height * 4) / 3 } // Graphviz counts in points
      if (!this.chosen) this.scale = this.whole() < OVERVIEW ? LEGIBLE : this.whole()
      this.sought &&= at !== undefined
      this.resize()
      if (at) box.scrollTo({ ...at, behavior: "instant" })
    }
    this.mark()
  }

  adopt(box) {
    this.box = box
    this.listen(box, "scroll", () => (this.at = { left: box.scrollLeft, top: box.scrollTop }))
    box.tabIndex = 0
    this.listen(box, "pointerdown", event => this.grab(event))
    this.listen(box, "click", event => this.pick(event))
    this.listen(box, "wheel", event => this.wheel(event), { passive: false })
    this.listen(box, "keydown", event => this.key(event))
  }

  // The largest scale, up to 1, at which all of it is visible.
  whole() {
    const tallest = parseFloat(getComputedStyle(this.box).maxHeight) || this.natural.height
    return Math.min(1, this.box.clientWidth / this.natural.width, tallest / this.natural.height)
  }

  resize() {
    this.svg.style.maxWidth = "none"
    this.svg.style.width = `${this.natural.width * this.scale}px`
    this.svg.style.height = `${this.natural.height * this.scale}px`
    this.parent.querySelector("output").textContent = `${Math.round(this.scale * 100)} %`
  }

  // Zoom, keeping the point under (x, y) of the window where it is; by default its middle.
  zoom(factor, x = this.box.clientWidth / 2, y = this.box.clientHeight / 2) {
    const before = this.scale
    this.scale = Math.min(LARGEST, Math.max(SMALLEST, before * factor))
    this.chosen = true
    const left = (this.box.scrollLeft + x) * (this.scale / before) - x
    const top = (this.box.scrollTop + y) * (this.scale / before) - y
    this.resize()
    this.box.scrollTo({ left, top, behavior: "instant" })
  }

  press(button) {
    if (!button || !this.svg) return
    const act = { in: () => this.zoom(STEP), out: () => this.zoom(1 / STEP), all: () => this.fit(), save: () => this.save() }
    act[button.name]()
  }

  fit() {
    this.zoom(this.whole() / this.scale)
    this.chosen = false
  }

  key(event) {
    const act = { "+": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP), 0: () => this.fit() }[event.key]
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }

  // A pinch on a touchpad comes as a wheel with the control key.
  wheel(event) {
    if (!event.ctrlKey) return
    event.preventDefault()
    const { left, top } = this.box.getBoundingClientRect()
    this.zoom(Math.exp(-event.deltaY / 200), event.clientX - left, event.clientY - top)
  }

  grab(event) {
    this.dragged = false
    if (event.pointerType !== "mouse" || event.button !== 0) return
    const { clientX, clientY, pointerId } = event
    const { scrollLeft, scrollTop } = this.box
    const move = moved => {
      const x = moved.clientX - clientX, y = moved.clientY - clientY
      if (!this.dragged && Math.hypot(x, y) < DRAG) return
      if (!this.dragged) this.box.setPointerCapture(pointerId)
      this.dragged = true
      this.box.scrollTo({ left: scrollLeft - x, top: scrollTop - y, behavior: "instant" })
    }
    this.box.addEventListener("pointermove", move)
    const drop = () => this.box.removeEventListener("pointermove", move)
    this.box.addEventListener("pointerup", drop, { once: true })
    this.box.addEventListener("pointercancel", drop, { once: true })
  }

  pick(event) {
    const node = event.target.closest?.("g.node")
    if (node && !this.dragged) this.send("picked", this.nameOf(node))
  }

  // d3-graphviz breaks long names with zero-width spaces.
  nameOf(node) {
    return (node.querySelector("title")?.textContent ?? "").replaceAll("\u200b", "")
  }

  // Mark what was searched for, and bring it into the middle once.
  mark() {
    for (const node of this.svg.querySelectorAll("g.node")) {
      const wanted = this.data.target !== "" && this.nameOf(node) === this.data.target
      if (node.classList.contains("graph-found") !== wanted) node.classList.toggle("graph-found", wanted)
      if (wanted && !this.sought) this.seek(node)
    }
  }

  seek(node) {
    this.sought = true
    const at = node.getBoundingClientRect(), box = this.box.getBoundingClientRect()
    const left = this.box.scrollLeft + at.left + at.width / 2 - box.left - box.width / 2
    const top = this.box.scrollTop + at.top + at.height / 2 - box.top - box.height / 2
    this.box.scrollTo({ left, top, behavior: "instant" })
  }

  // The picture as it is on screen, with the page's background, so that it can be read anywhere.
  save() {
    const copy = this.svg.cloneNode(true)
    copy.removeAttribute("style")
    copy.querySelectorAll(".graph-found").forEach(node => node.classList.remove("graph-found"))
    const [x, y, width, height] = this.viewBox.split(/[ ,]+/)
    const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect")
    const attributes = { x, y, width, height, fill: this.data.paper }
    for (const [name, value] of Object.entries(attributes)) paper.setAttribute(name, value)
    copy.prepend(paper)
    copy.setAttribute("width", `${width}pt`)
    copy.setAttribute("height", `${height}pt`)
    const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })
    const link = document.createElement("a")
    link.href = URL.createObjectURL(file)
    link.download = this.data.file
    link.click()
    URL.revokeObjectURL(link.href)
  }
}
