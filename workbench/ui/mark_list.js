// The marks of one text as a list with a legend: what each says, and what an editor may answer. F steps through all
// lists of the page in the order they stand in.
import { askFirst, asksFirst } from "./mark_answers.js";
import { bringOut, kindOf, make } from "./marks.js";

const KINDS = {
  conflict: ["conflict", "conflicts", "The dossier says otherwise."],
  warning: ["warning", "warnings", "Worth a change."],
  note: ["note", "notes", "Worth a look."],
  kept: ["kept", "kept", "Stays, for a reason an editor gave."],
};
const ANSWERS = {
  source: ["Add a source", "A fact for the dossier; everything of this tool is checked again."],
  reword: ["Reword", "Opens the beat grid at these words."],
  keep: ["Keep, with a reason", "The reason is stored and exported with the quote."],
  take_back: ["Take the reason back", "The mark is open again."],
};
const REMEDIES = { add_source: "source", reword: "reword", keep: "keep" };
const lists = new Set();

export class MarkList {
  // `words` holds the marked words; `answer(act, mark, more)` is told which button was pressed and what was filled in;
  // `sentence(mark)` is what the words stand in.
  constructor(parent, words, answer, sentence) {
    this.words = words;
    this.sentence = sentence;
    this.answer = answer;
    this.box = make("details", "marks", parent);
    this.legend = make("summary", "legend", this.box);
    this.entries = make("ol", "entries", this.box);
    this.says = make("p", "means", this.box);
    this.follows = true; // whether the words are brought into view with their entry
    this.marks = null;
    this.nodes = new Map(); // mark id -> its entry
    this.current = null;
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.box.addEventListener("toggle", () => { if (!this.box.open) this.choose(null); });
    lists.add(this);
  }

  draw(marks, label, quiet = false) {
    if (marks === this.marks && label === this.label && quiet === this.quiet) return;
    Object.assign(this, { marks, label, quiet });
    const had = this.entries.getRootNode().activeElement?.closest?.(".entry");
    const lost = had && this.entries.contains(had) && !marks.some((one) => one.id === had.dataset.mark) ? [...this.entries.children].indexOf(had) : -1;
    this.paintLegend(quiet);
    const gone = new Set(this.nodes.keys());
    marks.forEach((mark, at) => {
      gone.delete(mark.id);
      const node = this.nodes.get(mark.id) || this.entry(mark.id);
      if (this.entries.children[at] !== node) this.entries.insertBefore(node, this.entries.children[at] || null);
      this.paintEntry(node, mark);
    });
    for (const id of gone) { this.nodes.get(id).remove(); this.nodes.delete(id); }
    if (this.current && !this.nodes.has(this.current)) this.current = null;
    this.choose(this.current);
    if (lost >= 0) this.go(marks[Math.min(lost, marks.length - 1)]?.id);
  }

  paintLegend(quiet) {
    const counts = Object.keys(KINDS).map((kind) => [kind, this.marks.filter((one) => kindOf(one) === kind).length]).filter(([, count]) => count);
    this.legend.textContent = "";
    for (const [kind, count] of counts) {
      if (this.legend.childElementCount) this.legend.append(" ");
      const key = make("span", `key ${kind}`, this.legend);
      key.title = KINDS[kind][2];
      make("i", "stroke", key);
      make("span", "", key, `${count} ${KINDS[kind][count === 1 ? 0 : 1]}`);
    }
    if (!counts.length) make("span", "none", this.legend, quiet ? "" : "Nothing marked");
    this.legend.setAttribute("aria-label", `Marks: ${this.legend.textContent || "none yet"}`);
    this.box.dataset.empty = counts.length ? "" : "yes";
    this.legend.tabIndex = counts.length ? 0 : -1;
    if (!counts.length) this.box.open = false;
    this.entries.setAttribute("aria-label", `Marks in ${this.label}`);
    this.says.textContent = "A mark says what the dossier holds, not what is true. What-ifs, predictions and opinions stay unmarked. F steps on, Shift+F back.";
  }

  entry(id) {
    const node = make("li", "entry", null);
    node.dataset.mark = id;
    const which = make("button", "which", node);
    which.type = "button";
    make("i", "stroke", which);
    make("span", "sort", which);
    make("span", "reason", which);
    which.onclick = () => this.choose(this.current === id ? null : id, true);
    which.onfocus = () => { if (which.matches(":focus-visible") && this.current !== id) this.choose(id, true); };
    const more = make("div", "more", node);
    make("p", "near", more);
    make("div", "answers", more);
    this.nodes.set(id, node);
    return node;
  }

  paintEntry(node, mark) {
    const [which, more] = node.children, [near, answers] = more.children;
    node.className = `entry ${kindOf(mark)}`;
    which.children[1].textContent = `${KINDS[kindOf(mark)][0]}: `;
    which.children[2].textContent = mark.reason;
    // A reason may say already what it rests on, and a beat's id is nothing to read.
    const said = mark.evidence.includes(" ") && !mark.reason.includes(mark.evidence);
    near.textContent = [mark.answered && `Kept by ${mark.by}: ${mark.answered}`, said && mark.evidence].filter(Boolean).join("\n");
    const wanted = this.quiet ? "" : mark.answered ? "take_back" : Object.keys(REMEDIES).filter((one) => mark.remedies.includes(one)).map((one) => REMEDIES[one]).join();
    if (answers.dataset.drawn === wanted) return;
    answers.dataset.drawn = wanted;
    answers.textContent = "";
    for (const act of wanted ? wanted.split(",") : []) {
      const button = make("button", "answer", answers, ANSWERS[act][0]);
      button.type = "button";
      button.title = ANSWERS[act][1];
      button.onclick = () => this.ask(act, this.marks.find((one) => one.id === node.dataset.mark));
    }
  }

  ask(act, mark) {
    if (asksFirst(act)) askFirst(this.box.parentNode, act, mark, this.sentence(mark), (more) => this.answer(act, mark, more));
    else this.answer(act, mark, {});
  }

  // The one that is looked at: its entry is open and its words are brought out.
  choose(id, show = false) {
    this.current = id;
    for (const [each, node] of this.nodes) {
      node.classList.toggle("current", each === id);
      node.firstChild.setAttribute("aria-expanded", String(each === id));
      node.lastChild.hidden = each !== id;
    }
    const words = bringOut(this.words, id);
    if (show && this.follows) words?.scrollIntoView({ block: "nearest" });
  }

  // Open the list at this mark, with the focus.
  go(id) {
    const node = this.nodes.get(id);
    if (!node) return false;
    this.box.open = true;
    this.choose(id, true);
    node.firstChild.focus({ preventScroll: true });
    node.scrollIntoView({ block: "nearest" });
    return true;
  }

  // The next one of this list nobody has answered, round and round.
  step(by) {
    const steps = this.open, at = steps.findIndex((one) => one.id === this.current);
    return this.go(steps[((at < 0 ? (by < 0 ? 0 : -1) : at) + by + steps.length) % steps.length]?.id);
  }

  get open() { return (this.marks || []).filter((one) => !one.answered); }
  get host() { return this.box.getRootNode().host || this.box; }
  get shown() { return this.box.isConnected && this.host.checkVisibility(); }

  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.marks.findIndex((one) => this.nodes.get(one.id)?.contains(event.target));
    if (by && at >= 0) {
      event.preventDefault();
      event.stopPropagation();
      this.go(this.marks[Math.max(0, Math.min(this.marks.length - 1, at + by))].id);
    } else if (event.key === "Escape" && this.box.open) {
      event.preventDefault();
      event.stopPropagation();
      this.box.open = false;
      this.legend.focus();
    }
  }

  gone() { lists.delete(this); }
}

const follows = (one, other) => Boolean(one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);

// The next mark nobody has answered, from where the reader is, round the page; false when there is none.
export function stepMarks(by, among = lists) {
  const shown = [...among].filter((one) => one.shown).sort((a, b) => (follows(a.host, b.host) ? -1 : 1));
  const steps = shown.flatMap((list) => list.open.map((mark) => [list, mark.id]));
  if (!steps.length) return false;
  const here = document.activeElement;
  let at = steps.findIndex(([list, id]) => id === list.current && list.host === here);
  if (at >= 0) at += by;
  else {
    at = steps.findIndex(([list]) => list.host === here || follows(here, list.host));
    if (by < 0) at = (at < 0 ? steps.length : at) - 1;
    else if (at < 0) at = 0;
  }
  const [list, id] = steps[(at + steps.length) % steps.length];
  for (const one of shown) if (one !== list && one.box.open) one.box.open = false;
  return list.go(id);
}
