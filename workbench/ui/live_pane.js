// One draft's pane.
// Model text only ever becomes text nodes: nothing it says is markup here.
import { LIVE, hub } from "./live_hub.js";

const STATES = {
  queued: "Queued", streaming: "Streaming", done: "Done", truncated: "Cut at the token limit", refused: "Refused",
  interrupted: "Interrupted", stopped: "Stopped", failed: "Failed", gone: "Ended",
};


const make = (tag, name, parent, text = "") => {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  parent.appendChild(node);
  return node;
};

class Pane {
  constructor(root) {
    this.root = root;
    root.textContent = "";
    const head = make("header", "head", root);
    this.who = make("span", "who", head);
    this.model = make("span", "model", head);
    this.state = make("span", "state", head);
    this.bar = make("div", "bar", root);
    this.fill = make("i", "", this.bar);
    this.figures = make("div", "figures", root);
    this.text = make("div", "text", root);
    this.text.tabIndex = 0;
    this.notice = make("div", "notice", root);
    this.opinion = make("div", "opinion", root);
    this.foot = make("details", "foot", root);
    this.figured = make("summary", "", this.foot);
    this.expected = make("p", "", this.foot);
    this.sentences = [];
    this.id = null;
    this.timer = null;
  }

  draw(data, rerun) {
    const changed = this.id !== data.draft;
    if (changed) { this.detach(); this.clear(); this.id = data.draft; }
    this.data = data;
    this.rerun = rerun;
    this.drawnAt = performance.now();
    this.beats = JSON.parse(data.beats);
    this.facts = JSON.parse(data.facts);
    this.root.setAttribute("aria-label", data.label);
    this.root.style.setProperty("--lens", data.color);
    this.who.textContent = data.provider;
    this.model.textContent = data.model;
    this.foot.hidden = !data.figures;
    this.figured.textContent = data.figures;
    this.expected.textContent = data.expected;
    if (LIVE.has(data.state)) {
      if (!this.live) { this.live = true; hub.attach(this, data); this.timer = setInterval(() => this.tick(), 100); }
      const now = hub.seen(this.id);
      this.paint(now || { state: data.state, words: 0, sentences: [], waiting: null });
    } else {
      this.detach();
      this.paint({ state: data.state, words: data.words, sentences: JSON.parse(data.sentences), waiting: null });
    }
  }

  paint(now) {
    this.now = now;
    const ended = !LIVE.has(now.state);
    const justEnded = ended && this.root.dataset.state === "streaming";
    this.root.dataset.state = now.state;
    this.state.textContent = STATES[now.state] || now.state;
    const follows = this.text.scrollHeight - this.text.scrollTop - this.text.clientHeight < 32;
    now.sentences.forEach((sentence, index) => this.paintSentence(index, sentence));
    while (this.sentences.length > now.sentences.length) this.sentences.pop().row.remove();
    if (!ended && follows) this.text.scrollTop = this.text.scrollHeight;
    if (justEnded && follows) this.text.scrollTop = 0; // nobody scrolled: the review is read from its beginning
    const known = new Set(this.beats.map((beat) => beat.id));
    this.met = new Set(now.sentences.filter((one) => one.text && known.has(one.beat)).map((one) => one.beat)).size;
    this.fill.style.width = `${Math.round((100 * this.met) / Math.max(1, this.beats.length))}%`;
    this.tick();
    this.notice.textContent = ended ? this.data.notice : "";
    this.opinion.textContent = this.data.opinion;
  }

  paintSentence(index, { beat, facts, text }) {
    let row = this.sentences[index];
    if (!row) {
      const node = make("p", "sentence", this.text);
      const label = make("span", "beat", node);
      const prose = make("span", "prose", node);
      row = this.sentences[index] = { row: node, label, node: prose.appendChild(document.createTextNode("")), chips: make("span", "chips", node), cited: null };
    }
    const known = this.beats.find((one) => one.id === beat);
    row.label.textContent = known ? known.label : beat;
    if (text.startsWith(row.node.data) && row.node.data) row.node.appendData(text.slice(row.node.data.length));
    else row.node.data = text;
    const cited = facts.join(" ");
    if (row.cited === cited && !(text && !row.marked)) return;
    row.cited = cited;
    row.marked = Boolean(text);
    row.chips.textContent = "";
    for (const ref of facts) {
      const chip = make("abbr", "chip", row.chips, ref);
      chip.title = this.facts[ref] || `${ref} is not a fact of the dossier`;
      chip.tabIndex = 0;
      if (!this.facts[ref]) chip.classList.add("unknown");
    }
    if (!facts.length && text) make("abbr", "chip opinion-chip", row.chips, "opinion").title = "Rests on no fact of the dossier";
  }

  tick() {
    const { state, words, waiting } = this.now;
    const seconds = this.data.elapsed + (LIVE.has(state) ? (performance.now() - this.drawnAt) / 1000 : 0);
    const parts = [`${words} words`, `beats ${this.met}/${this.beats.length}`];
    if (words && (words < this.data.low || words > this.data.high) && !LIVE.has(state)) parts[0] += words < this.data.low ? " (short)" : " (long)";
    if (seconds > 0) parts.push(`${seconds.toFixed(1)} s`);
    this.figures.textContent = waiting ? `${waiting[1]} Trying again in ${Math.max(0, Math.ceil(waiting[0] - (performance.now() - this.now.waitingSince) / 1000))} s.` : parts.join(" · ");
  }

  offline() { this.state.textContent = "Connecting again…"; }
  clear() { this.text.textContent = ""; this.sentences = []; }
  detach() { if (this.live) hub.detach(this); this.live = false; clearInterval(this.timer); }
}

const panes = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pane");
  let pane = panes.get(root);
  if (!pane) panes.set(root, (pane = new Pane(root)));
  pane.draw(data, () => setTriggerValue("ended", Date.now()));
  return () => { pane.detach(); panes.delete(root); };
}
