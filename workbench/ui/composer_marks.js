// The marks of what is put together in the beat grid. The server checks what it keeps; until its answer comes, the
// marks it gave before move along with the words that stay.
import { asks } from "./asks.js";
import { MarkList } from "./mark_list.js";
import { Words, kindOf, make } from "./marks.js";

// Where a mark of `before` lies in `now`; null when what it marks was touched. In characters, as Python counts them.
function carried(mark, before, now) {
  if (before === now) return mark;
  const old = [...before], fresh = [...now], least = Math.min(old.length, fresh.length);
  let head = 0, tail = 0;
  while (head < least && old[head] === fresh[head]) head += 1;
  while (tail < least - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  if (mark.end <= head) return mark;
  const by = fresh.length - old.length;
  return mark.start >= old.length - tail ? { ...mark, start: mark.start + by, end: mark.end + by } : null;
}

export class GridMarks {
  constructor(grid, parent) {
    this.grid = grid;
    this.all = []; // marks with the piece each lies in, and what the piece said when it was checked
    this.unders = new WeakMap(); // a piece's node -> its marked words
    const answer = (act, mark, more) => (act === "reword" ? grid.select({ ...mark, uid: mark.piece }) : asks.ask({ act, place: grid.data.place, pieces: grid.pieces, mark: mark.id, ...more }));
    this.list = new MarkList(parent, grid.root, answer, (mark) => this.piece(mark.piece)?.text);
    this.list.follows = false; // they stand in the joined quote, too, just above
  }

  get pieces() { return this.grid.rows.flatMap((row) => row.pieces.filter((one) => one.text.trim())); }
  piece(uid) { return this.pieces.find((one) => one.uid === uid); }

  // What a check said of these texts, in their order.
  told(marks, texts) {
    const here = this.pieces;
    const owner = (at) => (here.length === texts.length ? here[at] : here.find((one) => one.text === texts[at]));
    this.all = marks.map((mark) => ({ ...mark, piece: owner(mark.sentence)?.uid, checked: texts[mark.sentence] }));
    this.grid.paint();
  }

  of(piece) {
    return this.all.filter((mark) => mark.piece === piece.uid).map((mark) => carried(mark, mark.checked, piece.text)).filter(Boolean);
  }

  // Under a row's words, and in so many words below them while the reader is in the row.
  paint(piece, node) {
    let under = this.unders.get(node);
    if (!under) {
      under = { words: new Words(node.querySelector(".under")), says: node.querySelector(".says"), drawn: "" };
      this.unders.set(node, under);
    }
    const marks = this.of(piece);
    under.words.write(piece.text, marks);
    const drawn = marks.map((one) => `${one.id}${kindOf(one)}`).join();
    if (drawn === under.drawn) return;
    under.drawn = drawn;
    under.says.textContent = "";
    for (const mark of marks) {
      const line = make("li", kindOf(mark), under.says);
      make("i", "stroke", line);
      make("span", "", line, mark.answered ? `Kept: ${mark.answered}` : mark.reason);
    }
  }

  // In the joined quote, where blanks around a piece are left out.
  paintQuoted(piece, node) {
    const blanks = [...piece.text].length - [...piece.text.trimStart()].length;
    const marks = this.of(piece).map((mark) => ({ ...mark, start: mark.start - blanks, end: mark.end - blanks }));
    new Words(node).write(piece.text.trim(), marks);
  }

  paintList() {
    const here = this.pieces;
    const standing = this.all.filter((mark) => mark.sentence < 0 || here.some((one) => one.uid === mark.piece && carried(mark, mark.checked, one.text)));
    const drawn = JSON.stringify(standing);
    if (drawn !== this.drawn) { this.drawn = drawn; this.list.draw(standing, "your quote", !this.all.length); }
    return standing.filter((one) => one.severity === "conflict" && !one.answered).length;
  }

  step(by) { return this.list.step(by); }
  gone() { this.list.gone(); }
}
