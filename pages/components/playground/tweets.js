// Two sentences whose words are chosen where they stand, a slider, and two buttons.
//
// What the visitor does is sent with a number, and what comes back bears the number of the last act it answers: an answer to an
// earlier act never moves what is under the visitor's hand.

const editors = new WeakMap()

export default function (component) {
  const { parentElement } = component
  let editor = editors.get(parentElement)
  if (!editor) editors.set(parentElement, (editor = new Editor(parentElement.querySelector(".tweets"))))
  editor.update(component)
}

function make(tag, parent, fields = {}) {
  return parent.appendChild(Object.assign(document.createElement(tag), fields))
}

class Editor {
  constructor(root) {
    this.root = root
    this.stamp = 0
    this.lines = []
  }

  update({ data: bytes, setTriggerValue }) {
    const data = JSON.parse(new TextDecoder().decode(bytes))
    this.send = act => setTriggerValue("act", { ...act, stamp: ++this.stamp })
    if (data.stamp < this.stamp && this.data) {
      this.data = { ...data, tweets: this.data.tweets }
      return
    }
    this.data = data
    this.stamp = Math.max(this.stamp, data.stamp)
    if (!this.slider) this.build()
    data.tweets.forEach((tweet, i) => this.tell(this.lines[i], tweet))
    this.slider.value = data.slider.value
    this.note.textContent = data.note
    this.turn.textContent = data.labels.turn
    this.turn.hidden = !data.labels.turn
  }

  build() {
    const { tweets, line, slider, labels } = this.data
    for (const tweet of tweets) {
      const row = make("div", this.root, { className: "tweet" })
      row.dataset.tweet = tweet.name
      row.style.setProperty("--line", line[tweet.name])
      make("b", row, { textContent: tweet.name })
      this.lines.push({
        row, name: tweet.name, sentence: make("span", row, { className: "sentence" }),
        field: make("input", row, { type: "text", hidden: true, maxLength: 200, ariaLabel: labels.typing.replace("{name}", tweet.name) }),
        pen: make("button", row, { type: "button", textContent: labels.type, title: labels.typing.replace("{name}", tweet.name), ariaLabel: labels.typing.replace("{name}", tweet.name) }),
      })
      this.type(this.lines.at(-1))
    }
    const says = make("label", this.root, { className: "says" })
    says.style.setProperty("--line", line.tweet_b)
    make("span", says, { textContent: `${slider.label} ${slider.low}` })
    this.slider = make("input", says, { type: "range", min: 0, max: slider.most, ariaLabel: `${slider.label} ${slider.low} … ${slider.high}` })
    make("span", says, { textContent: slider.high })
    this.slider.oninput = () => this.send({ kind: "slide", value: Number(this.slider.value) })
    const buttons = make("div", this.root, { className: "buttons" })
    make("button", buttons, { type: "button", textContent: labels.surprise }).onclick = () => this.send({ kind: "surprise" })
    this.turn = make("button", buttons, { type: "button" })
    this.turn.onclick = () => this.send({ kind: "turn" })
    this.note = make("div", this.root, { className: "note" })
    this.note.setAttribute("role", "status")
  }

  // Typing takes the sentence's place; Enter or leaving the field takes it, Escape doesn't.
  type(line) {
    const { row, name, sentence, field, pen } = line
    const open = wanted => {
      if (field.hidden === !wanted) return
      field.hidden = !wanted
      sentence.hidden = wanted
      if (!wanted) return
      field.value = line.tweet.words.map(word => word.text).join(" ")
      line.before = field.value
      field.focus()
    }
    const take = () => {
      if (field.hidden) return
      open(false)
      if (field.value !== line.before) this.send({ kind: "type", tweet: name, value: field.value })
    }
    pen.onclick = () => (field.hidden ? open(true) : take())
    field.onblur = event => event.relatedTarget === pen || take()
    field.onkeydown = event => {
      if (event.key === "Enter") take()
      if (event.key === "Escape") open(false)
      if (["Enter", "Escape"].includes(event.key)) pen.focus()
      event.stopPropagation()
    }
  }

  tell(line, tweet) {
    const { sentence, pen } = line
    const told = JSON.stringify(tweet)
    pen.hidden = Boolean(tweet.told)
    line.tweet = tweet
    if (line.told === told) return
    line.told = told
    const active = this.root.getRootNode().activeElement
    const focused = [...sentence.children].indexOf(active)
    sentence.replaceChildren()
    if (tweet.told) make("span", sentence, { textContent: tweet.told })
    tweet.words.forEach((word, place) => this.word(sentence, tweet.name, word, place))
    if (focused >= 0) sentence.children[focused]?.focus()
  }

  word(sentence, name, word, place) {
    if (!word.others.length) return make("span", sentence, { textContent: word.text })
    const label = this.data.labels.word.replace("{name}", name).replace("{n}", place + 1)
    const select = make("select", sentence, { ariaLabel: label })
    for (const [token, text] of word.others) make("option", select, { value: token, textContent: text })
    select.value = word.token
    select.onchange = () => this.send({ kind: "pick", tweet: name, place, value: Number(select.value) })
  }
}
