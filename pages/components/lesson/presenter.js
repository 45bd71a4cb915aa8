// A clicker sends PageDown and PageUp. Where a click has left the focus on a choice or a switch, the keys that Streamlit gives
// to Back and Next would move that choice instead: on a wall the keys are the lesson's.

const KEYS = { PageDown: "next", PageUp: "back" }

function press(event) {
  const key = KEYS[event.key]
  if (!key || event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input[type=text], textarea")) return
  event.preventDefault()
  document.querySelector(`.st-key-${key} button:enabled`)?.click()
}

function release(event) {
  // Who uses the keyboard (a click without a pointer has no detail) stays where they are.
  if (!event.detail) return
  setTimeout(() => document.activeElement?.matches("input[type=radio], input[type=checkbox]") && document.activeElement.blur())
}

export default function () {
  document.addEventListener("keydown", press, true)
  document.addEventListener("click", release, true)
  return () => {
    document.removeEventListener("keydown", press, true)
    document.removeEventListener("click", release, true)
  }
}
