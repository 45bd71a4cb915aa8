// The model as a picture that stays and changes: an arrow grows, fades in or fades out, and no box jumps.
//
// A click on the merge, on a wire through it, or on the empty place where it would be, connects or cuts. All of it can be
// reached by the Tab key and pressed with Enter or the space bar.

const SVG = "http://www.w3.org/2000/svg"
const pictures = new WeakMap()

export default function (component) {
  const { parentElement } = component
  let both = pictures.get(parentElement)
  if (!both) {
    both = [
      new Picture(parentElement.querySelector(".large"), "large"),
      new Picture(parentElement.querySelector(".small span"), "small"),
    ]
    pictures.set(parentElement, both)
  }
  const { setTriggerValue } = component
  const data = JSON.parse(new TextDecoder().decode(component.data))
  const act = (kind, value = "") => setTriggerValue("act", { kind, value })
  both[0].draw(data.picture, data, act)
  const other = parentElement.querySelector(".small")
  both[1].draw(data.other, data, () => {})
  other.querySelector("b").textContent = data.labels.other
  other.title = data.labels.show
  other.ariaLabel = data.labels.show
  other.onclick = () => act("merge")
  parentElement.querySelector("p").textContent = data.labels.scale
  const save = parentElement.querySelector(".save")
  save.textContent = data.labels.save
  save.onclick = () => both[0].save(data)
}

function draw(tag, parent, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value)
  if (text) node.textContent = text
  return parent.appendChild(node)
}

function put(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value)
  }
}

function press(node, label, act) {
  put(node, { role: "button", tabindex: 0, "aria-label": label })
  node.classList.add("press")
  node.onclick = act
  node.onkeydown = event => {
    if (event.key !== "Enter" && event.key !== " ") return
    event.preventDefault()
    act()
  }
}

class Picture {
  constructor(root, name) {
    this.svg = draw("svg", root, { class: "graph", "aria-hidden": name === "small" })
    this.small = name === "small"
    this.parts = new Map()
    this.layers = {}
    for (const layer of ["frame", "wires", "boxes", "hits"]) this.layers[layer] = draw("g", this.svg, { class: layer })
  }

  draw(picture, data, act) {
    this.data = data
    this.act = act
    this.case = data.theme
    put(this.svg, { viewBox: `0 0 ${picture.width} ${picture.height}` })
    if (!this.small) put(this.svg, { role: "group", "aria-label": data.labels.alt })
    this.used = new Set()
    this.frame(picture)
    for (const wire of picture.wires) this.wire(wire, picture)
    for (const box of picture.boxes) this.box(box, picture)
    if (picture.empty && !this.small) this.empty(picture.empty)
    if (!this.small) this.units()
    for (const [key, node] of this.parts) {
      if (this.used.has(key)) continue
      this.parts.delete(key)
      node.classList.remove("edge", "node")
      node.classList.add("gone")
      setTimeout(() => node.remove(), 250)
    }
  }

  part(key, layer, make) {
    this.used.add(key)
    let node = this.parts.get(key)
    if (!node) {
      node = draw("g", this.layers[layer])
      make(node)
      this.parts.set(key, node)
    }
    return node
  }

  frame({ shared, between }) {
    const { muted } = this.data.theme
    const frame = this.part(shared ? "shared" : "separate", "frame", node => {
      if (shared) draw("rect", node, { x: 52, y: 68, width: 376, height: 78, rx: 10, fill: "none", "stroke-dasharray": "6 5", "stroke-width": this.small ? 4 : 1.5 })
      if (!this.small) for (const y of [92, 107]) draw("text", node, { x: 240, y })
    })
    put(frame, { stroke: muted })
    frame.querySelectorAll("text").forEach((line, i) => {
      line.textContent = between[i]
      put(line, { fill: muted, stroke: "none", class: i ? "line" : "title" })
    })
  }

  wire(wire, picture) {
    const { colours } = this.data.theme
    const { source, target, tweet, x0, y0, x1, y1, width, cuts, lit } = wire
    const key = `${source}->${target} ${tweet}`
    const node = this.part(key, "wires", made => {
      made.classList.add(this.small ? "small-edge" : "edge", "came")
      draw("title", made, {}, `${source}->${target}`)
      draw("path", made, { class: "strand", fill: "none" })
      draw("path", made, { class: "tip", d: "M -0.5 0 L 0.5 0 L 0 1 Z" })
      if (cuts && !this.small) draw("path", made, { class: "hit", fill: "none", stroke: "transparent", "stroke-width": 26 })
    })
    const [strand, tip, hit] = ["strand", "tip", "hit"].map(name => node.querySelector(`.${name}`))
    const wide = this.small ? Math.max(width, 6) : width, end = y1 - (this.small ? 16 : 10), half = (y0 + end) / 2
    const d = `M ${x0} ${y0} C ${x0} ${half} ${x1} ${half} ${x1} ${end}`
    put(strand, { d, stroke: colours[tweet] })
    strand.style.strokeWidth = `${wide}px`
    put(tip, { fill: colours[tweet] })
    tip.style.transform = `translate(${x1}px, ${end - 0.5}px) scale(${wide + (this.small ? 16 : 9)}, ${this.small ? 15 : 9.5})`
    node.classList.toggle("dim", !lit)
    if (!hit) return
    put(hit, { d })
    hit.onclick = () => this.act("merge")
    node.classList.add("press")
  }

  box(box) {
    const { colours, tints, ink, texts } = this.data.theme
    const { name, x, y, width, height, lines, sees, act, lit } = box
    const node = this.part(`box ${name} ${lines.length}`, "boxes", made => {
      made.classList.add(this.small ? "small-node" : "node", "came")
      draw("title", made, {}, name)
      for (const side of ["left", "right"]) draw("path", made, { class: side })
      draw("rect", made, { class: "edge-of-box", fill: "none" })
      const said = this.small ? [] : lines
      said.forEach((line, i) => draw("text", made, { class: i ? "line" : "title" }))
    })
    const r = 10, middle = x + width / 2, right = x + width, low = y + height
    const [first, last] = [sees[0], sees[sees.length - 1]]
    put(node.querySelector(".left"), {
      d: `M ${middle} ${y} H ${x + r} A ${r} ${r} 0 0 0 ${x} ${y + r} V ${low - r} A ${r} ${r} 0 0 0 ${x + r} ${low} H ${middle} Z`,
      fill: tints[first],
    })
    put(node.querySelector(".right"), {
      d: `M ${middle} ${y} H ${right - r} A ${r} ${r} 0 0 1 ${right} ${y + r} V ${low - r} A ${r} ${r} 0 0 1 ${right - r} ${low} H ${middle} Z`,
      fill: tints[last],
    })
    put(node.querySelector("rect"), {
      x, y, width, height, rx: r, stroke: sees.length > 1 ? ink : colours[first], "stroke-width": this.small ? 5 : 1.8,
    })
    const said = this.small ? [] : lines
    node.querySelectorAll("text").forEach((text, i) => {
      put(text, { x: middle, y: y + (said.length === 1 ? 27 : i ? 36 : 19), fill: ink })
      text.textContent = said[i]
    })
    node.classList.toggle("dim", !lit)
    // What a choice leaves out is dashed, not just pale.
    if (lit) node.querySelector("rect").removeAttribute("stroke-dasharray")
    else put(node.querySelector("rect"), { "stroke-dasharray": "5 4" })
    if (this.small || !act) return
    const { labels } = this.data
    // What is heard begins with what is read, so that a voice can ask for it.
    const spoken = label => `${said.join(" ")}. ${label}`
    if (act === "merge") press(node, spoken(labels.cut), () => this.act("merge"))
    else press(node, spoken(labels[name]), () => this.act("head", name))
    if (act === "merge") this.hint(right, y)
  }

  hint(x, y) {
    const { labels, theme } = this.data
    const node = this.part("hint", "hits", made => draw("text", made, { class: "hint" }))
    node.onclick = () => this.act("merge")
    node.classList.add("press")
    put(node.firstChild, { x: x + 10, y: y + 27, fill: theme.muted })
    node.firstChild.textContent = labels.hint
  }

  empty({ x, y, width, height, lines }) {
    const { labels, theme } = this.data
    const node = this.part("empty", "boxes", made => {
      made.classList.add("empty", "came")
      // Where the wires would be: nothing is drawn there until a pointer comes near.
      for (const d of this.would(x, y, width, height)) {
        draw("path", made, { class: "would", fill: "none", d })
        draw("path", made, { class: "hit", fill: "none", stroke: "transparent", "stroke-width": 26, d })
      }
      draw("rect", made, { x, y, width, height, rx: 10, "stroke-dasharray": "4 5", "stroke-width": 1.5, class: "hole" })
      draw("text", made, { class: "title", x: x + width / 2, y: y + 19 })
      draw("text", made, { class: "hint inside", x: x + width / 2, y: y + 36 })
    })
    press(node, `${lines.join(" ")}. ${labels.connect}`, () => this.act("merge"))
    const texts = node.querySelectorAll("text")
    texts.forEach((text, i) => {
      text.textContent = lines[i]
      put(text, { fill: theme.muted })
    })
    put(node.querySelector(".hole"), { stroke: theme.muted, fill: theme.paper })
    node.querySelectorAll(".would").forEach(path => put(path, { stroke: theme.muted }))
  }

  would(x, y, width, height) {
    const heads = this.data.picture.boxes.filter(box => box.act === "head")
    const from = [125, 355].map(at => `M ${at} 128 C ${at} 155 ${x + width / 2} 155 ${x + width / 2} ${y}`)
    const to = heads.map(box => `M ${x + width / 2} ${y + height} C ${x + width / 2} ${y + height + 30} ${box.x + box.width / 2} ${box.y - 30} ${box.x + box.width / 2} ${box.y}`)
    return [...from, ...to]
  }

  // LSTM units, between the two encoders.
  units() {
    const { labels, theme, units } = this.data
    const node = this.part("units", "hits", made => {
      for (const [name, x] of [["less", 196], ["more", 284]]) {
        const button = draw("g", made, { class: name })
        draw("rect", button, { x: x - 13, y: 114, width: 26, height: 26, rx: 5, fill: "transparent", "stroke-width": 1 })
        draw("text", button, { x, y: 132, class: "title" }, name === "less" ? "−" : "+")
      }
      draw("text", made, { x: 240, y: 131, class: "line" })
    })
    node.lastChild.textContent = labels.units
    put(node.lastChild, { fill: theme.ink })
    for (const [name, to] of [["less", units.less], ["more", units.more]]) {
      const button = node.querySelector(`.${name}`)
      press(button, labels[name], () => to && this.act("units", to))
      put(button, { "aria-disabled": !to, class: `${name} press${to ? "" : " off"}` })
      put(button.firstChild, { stroke: theme.muted })
      put(button.lastChild, { fill: theme.ink })
    }
  }

  // The picture as a file that needs no style sheet, on the page's background, without what can be pressed.
  save({ labels, theme }) {
    const copy = this.svg.cloneNode(true)
    const styled = ["font-family", "font-size", "font-weight", "text-anchor", "stroke-width", "opacity", "transform"]
    const [shown, copied] = [this.svg, copy].map(svg => [...svg.querySelectorAll("*")])
    shown.forEach((node, i) => {
      const look = getComputedStyle(node)
      for (const name of styled) if (!["none", "1"].includes(look[name])) copied[i].setAttribute(name, look[name])
      for (const name of ["style", "class", "role", "tabindex"]) copied[i].removeAttribute(name)
    })
    shown.forEach((node, i) => node.matches(".hit, .empty, .gone, .hits > *") && copied[i].remove())
    const [, , width, height] = copy.getAttribute("viewBox").split(" ")
    const paper = document.createElementNS(SVG, "rect")
    put(paper, { width, height, fill: theme.paper })
    copy.prepend(paper)
    copy.removeAttribute("class")
    put(copy, { width, height })
    const file = new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" })
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: labels.file })
    link.click()
    URL.revokeObjectURL(link.href)
  }
}
