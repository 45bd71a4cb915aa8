// Saves a document, with the drawings that st.graphviz_chart has put elsewhere on the page in the places kept for them.

export default function (component) {
  const { data, parentElement } = component
  const button = parentElement.querySelector("button")
  const svgs = () => data.drawings.map(key => document.querySelector(`.st-key-${key} svg:has(g.graph)`))
  const look = () => {
    const drawn = svgs().every(Boolean)
    button.disabled = !drawn
    button.textContent = drawn ? data.save : data.wait
    return drawn
  }
  const watch = new MutationObserver(() => look() && watch.disconnect())
  if (!look()) watch.observe(document.body, { childList: true, subtree: true })
  button.onclick = () => save(data, svgs())
  return () => watch.disconnect()
}

function save(data, svgs) {
  const images = svgs.map(address)
  const text = data.document.replace(/drawing:(\d+):/g, (_place, number) => images[Number(number)])
  const link = document.createElement("a")
  link.href = URL.createObjectURL(new Blob([text], { type: "text/html" }))
  link.download = data.file
  link.click()
  URL.revokeObjectURL(link.href)
}

// As an image, because in an image no script runs.
function address(svg) {
  const copy = svg.cloneNode(true)
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg")
  const bytes = new TextEncoder().encode(new XMLSerializer().serializeToString(copy))
  return `data:image/svg+xml;base64,${btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""))}`
}
