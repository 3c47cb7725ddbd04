// Words with what the checks marked of them. Model text only ever becomes text nodes.
const RANK = { conflict: 0, warning: 1, note: 2 };

export const make = (tag, name, parent, text = "") => {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  parent?.appendChild(node);
  return node;
};

// Python counts an emoji once, JavaScript twice.
export function placeIn(text, characters) {
  if (!/[\ud800-\udbff]/.test(text)) return characters;
  let at = 0;
  for (const one of text) {
    if (characters-- <= 0) break;
    at += one.length;
  }
  return at;
}

export const kindOf = (mark) => (mark.answered ? "kept" : mark.severity);

// Runs of [text, the marks on it], the gravest and shortest first; together they are the text.
export function runs(text, marks) {
  const placed = marks.map((mark) => ({ mark, start: placeIn(text, mark.start), end: placeIn(text, mark.end) }));
  const cuts = [...new Set([0, text.length, ...placed.flatMap((one) => [one.start, one.end])])].filter((at) => at >= 0 && at <= text.length).sort((a, b) => a - b);
  return cuts.slice(1).map((end, at) => {
    const on = placed.filter((one) => one.start <= cuts[at] && one.end >= end && one.end > one.start);
    on.sort((a, b) => Boolean(a.mark.answered) - Boolean(b.mark.answered) || RANK[a.mark.severity] - RANK[b.mark.severity] || a.end - a.start - (b.end - b.start));
    return [text.slice(cuts[at], end), on.map((one) => one.mark)];
  });
}

// A stretch of text that grows while it streams, and is marked once it stands.
export class Words {
  constructor(node) {
    this.node = node;
    this.run = node.appendChild(document.createTextNode(""));
    this.text = "";
    this.drawn = "";
  }

  write(text, marks = []) {
    const drawn = marks.length ? JSON.stringify(marks) : "";
    if (text === this.text && drawn === this.drawn) return;
    if (!drawn && !this.drawn) {
      if (this.text && text.startsWith(this.text)) this.run.appendData(text.slice(this.text.length));
      else this.run.data = text;
    } else {
      this.node.textContent = "";
      if (drawn) for (const [run, on] of runs(text, marks)) this.node.append(on.length ? marked(run, on) : run);
      else this.node.append((this.run = document.createTextNode(text)));
    }
    this.text = text;
    this.drawn = drawn;
  }
}

function marked(run, marks) {
  const node = make("span", `mark ${kindOf(marks[0])}`, null, run);
  node.dataset.marks = marks.map((one) => one.id).join(" ");
  node.dataset.says = marks.map((one) => one.reason).join("\n");
  return node;
}

// The marked words of these marks under `root`, with the one of `id` brought out.
export function bringOut(root, id) {
  let first = null;
  for (const node of root.querySelectorAll(".mark")) {
    const mine = node.dataset.marks.split(" ").includes(id);
    node.classList.toggle("current", mine);
    if (mine) first ||= node;
  }
  return first;
}
