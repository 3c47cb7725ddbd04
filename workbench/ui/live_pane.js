// One draft's pane. Model text only ever becomes text nodes: nothing it says is markup here.
import { asks } from "./asks.js";
import { LIVE, hub } from "./live_hub.js";
import { MarkList } from "./mark_list.js";
import { Words, make } from "./marks.js";
import { explainIn } from "./tips.js";

const STATES = {
  queued: "Queued", streaming: "Streaming", done: "Done", truncated: "Cut at the token limit", refused: "Refused",
  interrupted: "Interrupted", stopped: "Stopped", failed: "Failed", gone: "Ended",
};
const NONE = [];
const TICK = 250; // ms
const drawn = new Map(); // draft id -> pane, live or ended
const panes = new WeakMap(); // root -> pane

export function focusDraft(id) {
  const pane = drawn.get(id);
  pane?.text.focus({ preventScroll: true });
  return Boolean(pane?.root.isConnected);
}

// How a draft has ended, as its pane shows it, which may be before Python has drawn it so; "" while it has not.
export function endedAs(id) {
  const state = drawn.get(id)?.root.dataset.state;
  return state && !LIVE.has(state) ? state : "";
}

// Open the list of a draft's marks at the first conflict nobody has answered.
export const focusConflict = (id) => {
  const list = drawn.get(id)?.list;
  return list?.go(list.open.find((one) => one.severity === "conflict")?.id);
};

// Streamlit's buttons cannot say whose they are: the box around them does.
export function label(box, name) {
  box?.setAttribute("role", "group");
  box?.setAttribute("aria-label", name);
}

const lengthOf = (sentences) => sentences.reduce((sum, one) => sum + one.text.length, 0);
const wordsOf = (sentences) => sentences.reduce((sum, one) => sum + one.text.split(/\s+/).filter((run) => /[\p{L}\p{N}]/u.test(run)).length, 0);

const write = (node, text) => { if (node.textContent !== text) node.textContent = text; };
const due = new Set(); // panes to be painted when this turn's messages have all been heard

// Whoever reads a layout after a write has the page laid out: so all panes are written first, and scrolled then.
function paintDue() {
  const panes = [...due].filter((one) => one.now);
  due.clear();
  for (const one of panes) one.show();
  for (const one of panes) one.scroll();
}

// Text that comes brings the clock along; where none comes it goes on by itself, in all panes at once, since each
// time something is written the page is laid out and painted.
setInterval(() => {
  const still = performance.now() - TICK;
  for (const one of drawn.values()) if (one.live && one.now && one.tickedAt < still) one.tick();
}, TICK);

const AT_END = 32; // px from the end of a text to where it still counts as read to its end
const fromEnd = (text) => text.scrollHeight - text.scrollTop - text.clientHeight;
const onScreen = new IntersectionObserver((seen) => { for (const one of seen) panes.get(one.target)?.appears(one.isIntersecting); });

class Pane {
  constructor(root) {
    this.root = root;
    this.visible = true; // until the observer says otherwise
    onScreen.observe(root);
    root.textContent = "";
    const head = make("header", "head", root);
    this.who = make("span", "who", head);
    this.model = make("span", "model", head);
    this.interest = make("span", "interest", head);
    this.state = make("span", "state", head);
    this.bar = make("div", "bar", root);
    this.fill = make("i", "", this.bar);
    this.figures = make("div", "figures", root);
    this.notice = make("div", "notice", root); // before the text: what to do about a draft that is not whole
    this.text = make("div", "text", root);
    this.text.tabIndex = 0;
    this.text.setAttribute("role", "group");
    this.opinion = make("div", "opinion", root);
    this.opinion.setAttribute("role", "group");
    this.opinion.setAttribute("aria-label", "What the model suggests");
    this.list = new MarkList(root, this.text, (act, mark, more) => asks.ask({ act, place: this.data.place, draft: this.id, mark: mark.id, ...more }), (mark) => this.now.sentences[mark.sentence]?.text);
    this.foot = make("details", "foot", root);
    this.figured = make("summary", "", this.foot);
    this.expected = make("p", "", this.foot);
    explainIn(root);
    this.sentences = [];
    this.id = null;
    root.addEventListener("focusin", () => this.reach(0));
    root.addEventListener("focusout", (event) => { if (!root.contains(event.relatedTarget)) this.reach(-1); });
    this.text.addEventListener("click", (event) => { if (event.target.dataset.marks) this.list.go(event.target.dataset.marks.split(" ")[0]); });
    this.text.addEventListener("scroll", () => { this.follows = fromEnd(this.text) < AT_END; this.lead(); }, { passive: true });
  }

  draw(data, rerun) {
    if (this.id !== data.draft) { this.detach(); this.clear(); if (drawn.get(this.id) === this) drawn.delete(this.id); this.id = data.draft; }
    if (this.live && this.data.masked !== data.masked) this.detach(); // the server is asked anew: it may tell more now
    this.data = data;
    this.rerun = rerun;
    this.drawnAt = performance.now();
    this.beats = JSON.parse(data.beats);
    this.facts = JSON.parse(data.facts);
    drawn.set(this.id, this);
    this.root.setAttribute("aria-label", data.label);
    label(this.root.getRootNode().host?.closest("[class*='st-key-slot-']"), data.label);
    this.text.setAttribute("aria-label", `${data.label}: text`);
    this.root.style.setProperty("--lens", data.color);
    this.who.textContent = data.who;
    this.model.textContent = data.model;
    this.interest.textContent = data.interest;
    this.interest.dataset.says = data.interest_says;
    this.interest.tabIndex = data.interest ? 0 : -1;
    this.interest.setAttribute("aria-label", `${data.interest}: ${data.interest_says}`);
    this.figured.textContent = data.figures;
    this.expected.textContent = data.expected;
    this.marked = JSON.parse(data.marks);
    this.foot.dataset.empty = data.figures ? "" : "yes";
    if (LIVE.has(data.state)) {
      if (!this.live) { this.live = true; hub.attach(this, data); }
      const now = hub.seen(this.id);
      this.paint(now || { state: data.state, words: 0, sentences: [], waiting: null });
    } else {
      this.detach();
      this.paint({ state: data.state, words: data.words, sentences: JSON.parse(data.sentences), waiting: null });
    }
  }

  // While it streams the line tells what is marked of the sentences that stand; afterwards Python does.
  get marks() { return this.live ? this.now.marks || NONE : this.marked; }
  get ended() { return !LIVE.has(this.now.state); }
  get mates() { return this.data.masked ? [...drawn.values()].filter((one) => one !== this && one.data.round === this.data.round && one.root.isConnected) : []; }

  paint(now) {
    this.now = now;
    if (!due.size) queueMicrotask(paintDue);
    for (const one of [this, ...this.mates]) due.add(one);
  }

  // Masked panes of a round go at one pace, and what had ended before it stays as it is: which provider is the quicker one is nobody's to know before the decision.
  show() {
    const ahead = this.mates.filter((one) => one.now && !one.ended && !one.now.waiting);
    this.held = ahead.length > 0;
    const limit = Math.min(Infinity, ...ahead.map((one) => lengthOf(one.now.sentences)));
    const state = this.held && this.ended ? "streaming" : this.now.state;
    const ended = !LIVE.has(state);
    this.justEnded = ended && this.root.dataset.state === "streaming";
    this.root.dataset.state = state;
    this.root.dataset.stands = ended ? this.data.stands : "";
    write(this.state, ended && this.data.stands ? this.data.standing : STATES[state] || state);
    const shown = clipped(this.now.sentences, limit);
    this.words = shown === this.now.sentences ? this.now.words : wordsOf(shown);
    shown.forEach((sentence, index) => this.paintSentence(index, sentence));
    while (this.sentences.length > shown.length) this.sentences.pop().row.remove();
    const known = new Set(this.beats.map((beat) => beat.id));
    this.met = new Set(shown.filter((one) => one.text && known.has(one.beat)).map((one) => one.beat)).size;
    this.fill.style.transform = `scaleX(${this.met / Math.max(1, this.beats.length)})`;
    this.tick();
    this.list.draw(shown === this.now.sentences ? this.marks : NONE, this.data.label, !ended);
    write(this.notice, ended ? this.data.notice : "");
    write(this.opinion, ended ? this.data.opinion : "");
    this.opinion.tabIndex = this.opinion.textContent ? 0 : -1; // what may scroll is reached without a mouse
  }

  scroll() {
    if (LIVE.has(this.root.dataset.state)) { if (this.follows) this.text.scrollTop = this.text.scrollHeight; }
    else if (this.justEnded) this.rewinds = this.follows;
    this.rewind();
  }

  // A draft that was followed to its end begins at its beginning again, but never under somebody's eyes.
  rewind() {
    if (!this.rewinds || this.visible || this.root.matches(":focus-within")) return;
    this.rewinds = false;
    if (fromEnd(this.text) < AT_END) this.text.scrollTop = 0;
  }

  appears(visible) {
    this.visible = visible;
    this.rewind();
  }

  paintSentence(index, { beat, facts, text }) {
    let row = this.sentences[index];
    if (!row) {
      const node = make("p", "sentence", this.text);
      const label = make("span", "beat", node);
      const prose = make("span", "prose", node);
      row = this.sentences[index] = { row: node, label, words: new Words(prose), chips: make("span", "chips", node), cited: null };
    }
    const known = this.beats.find((one) => one.id === beat);
    row.beat = beat;
    write(row.label, known ? known.label : beat);
    const whole = text === this.now.sentences[index].text; // of a text that is held back nothing is marked
    row.words.write(text, whole ? this.marks.filter((one) => one.sentence === index) : NONE);
    const cited = facts.join(" ");
    if (row.cited === cited && !(text && !row.marked)) return;
    row.cited = cited;
    row.marked = Boolean(text);
    row.chips.textContent = "";
    for (const ref of facts) this.chip(row.chips, ref, this.facts[ref] || `${ref} is not a fact of the dossier`, this.facts[ref] ? "" : "unknown");
    if (!facts.length && text) this.chip(row.chips, "opinion", "Rests on no fact of the dossier", "opinion-chip");
  }

  chip(parent, name, says, kind) {
    const chip = make("button", `chip ${kind}`, parent, name);
    chip.type = "button";
    chip.dataset.says = says;
    chip.setAttribute("aria-label", `${name}: ${says}`);
    chip.tabIndex = this.within ? 0 : -1;
  }

  // A pane's chips are Tab stops only while the reader is in the pane: eight panes hold eighty of them.
  reach(index) {
    this.within = index === 0;
    for (const chip of this.text.querySelectorAll(".chip")) chip.tabIndex = index;
  }

  // The panes of a cell are read side by side: whoever is scrolled by the reader leads the others to the same beat.
  lead() {
    if (!this.root.matches(":hover, :focus-within") || !this.now || !this.ended) return;
    const top = this.text.getBoundingClientRect().top + 8;
    const at = this.sentences.find((one) => one.row.getBoundingClientRect().bottom > top);
    for (const mate of drawn.values()) {
      if (mate === this || mate.data.place !== this.data.place || !mate.ended) continue;
      const same = mate.sentences.find((one) => one.beat === at?.beat);
      if (same) mate.text.scrollTop = same.row.offsetTop - mate.text.offsetTop + (top - at.row.getBoundingClientRect().top);
    }
  }

  tick() {
    this.tickedAt = performance.now();
    const { waiting } = this.now;
    const live = LIVE.has(this.root.dataset.state);
    const parts = [`${this.words} words`, `beats ${this.met}/${this.beats.length}`];
    if (this.words && (this.words < this.data.low || this.words > this.data.high) && !live) parts[0] += this.words < this.data.low ? " (short)" : " (long)";
    const seconds = this.data.elapsed + (live ? (performance.now() - this.drawnAt) / 1000 : 0);
    this.figures.title = `Words against the length band ${this.data.low}–${this.data.high}; how many of the persona’s beats have a sentence${this.data.masked ? "" : "; seconds from its start to its end"}`;
    if (seconds > 0 && !this.data.masked) parts.push(`${seconds.toFixed(1)} s`); // how long it took tells who it was
    this.root.toggleAttribute("data-waiting", Boolean(waiting));
    write(this.figures, waiting ? `${this.data.masked ? "Waiting for an answer." : waiting[1]} Trying again in ${Math.max(0, Math.ceil(waiting[0] - (performance.now() - this.now.waitingSince) / 1000))} s.` : parts.join(" · "));
  }

  offline() { this.state.textContent = "Connecting again…"; }
  clear() { this.text.textContent = ""; this.sentences = []; this.follows = true; this.rewinds = false; this.now = null; delete this.root.dataset.state; }
  detach() { if (this.live) hub.detach(this); this.live = false; }
  gone() { onScreen.unobserve(this.root); this.detach(); this.list.gone(); if (drawn.get(this.id) === this) drawn.delete(this.id); }
}

function clipped(sentences, limit) {
  if (limit === Infinity) return sentences;
  const kept = [];
  for (const one of sentences) {
    if (limit <= 0) break;
    kept.push({ ...one, text: one.text.slice(0, limit) });
    limit -= one.text.length;
  }
  return kept;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".pane");
  let pane = panes.get(root);
  if (!pane) panes.set(root, (pane = new Pane(root)));
  pane.draw(data, () => setTriggerValue("ended", Date.now()));
  return () => { pane.gone(); panes.delete(root); };
}
