// Bars in a table: what each head says in each case, and the true chance as a mark on every bar.
//
// The table stays, and only widths and numbers change, so that a bar is seen to move.

const shown = new WeakMap()

export default function (component) {
  const { parentElement } = component
  const data = JSON.parse(new TextDecoder().decode(component.data))
  const table = parentElement.querySelector("table")
  const { columns, rows } = data
  const shape = JSON.stringify([columns.map(column => column.title), rows.map(row => row.head), data.caption])
  if (shown.get(table) !== shape) build(table, data)
  shown.set(table, shape)
  columns.forEach(({ remark }, j) => (table.tHead.rows[0].cells[j + 1].querySelector("small").textContent = remark))
  rows.forEach((row, i) => {
    const cells = table.tBodies[0].rows[i].cells
    row.cells.forEach((cell, j) => fill(cells[j + 1], cell, row.truth))
    cells[cells.length - 1].textContent = row.truth.text
  })
  parentElement.querySelector("p").textContent = data.reading
}

function make(tag, parent, fields = {}) {
  return parent.appendChild(Object.assign(document.createElement(tag), fields))
}

function build(table, { caption, columns, rows }) {
  table.replaceChildren()
  make("caption", table, { textContent: caption })
  const titles = make("tr", make("thead", table))
  make("td", titles)
  for (const { title } of columns) {
    const place = make("th", titles, { scope: "col" })
    place.append(title, " ")
    make("small", place)
  }
  const body = make("tbody", table)
  for (const row of rows) {
    const line = make("tr", body)
    make("th", line, { scope: "row", textContent: row.head })
    for (const _ of row.cells) {
      const box = make("div", make("td", line), { className: "box" })
      const track = make("div", box, { className: "track" })
      make("div", track, { className: "bar" })
      make("div", track, { className: "truth" })
      make("b", box)
    }
    make("td", line, { className: "true" })
  }
}

function fill(place, cell, truth) {
  const bar = place.querySelector(".bar"), mark = place.querySelector(".truth")
  bar.style.width = `${100 * (cell.p ?? 0)}%`
  bar.style.background = cell.colours.length > 1
    ? `linear-gradient(${cell.colours[0]} 50%, ${cell.colours[1]} 50%)` : cell.colours[0]
  place.querySelector(".track").style.borderStyle = cell.dash ? "dashed" : "solid"
  mark.style.left = `${100 * truth.p}%`
  place.querySelector("b").textContent = cell.text
  place.title = cell.title
}
