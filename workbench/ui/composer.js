// The beat grid: rows are the persona's beats, columns the drafts and other sources, and what is put together of them.
// All of it lives here, so that no redraw can lose a word; Python reads it from the one message that saves it.
// Model text only ever becomes text nodes.
import { Keeper } from "./composer_keeper.js";
import { GridMarks } from "./composer_marks.js";
import { make, placeIn } from "./marks.js";
import { explainIn } from "./tips.js";
import { wordDiff, sentencesOf, wordCount } from "./composer_words.js";

const TYPING = 900; // ms without a key that end a step of undo
const button = (name, parent, text, says, act) => {
  const node = make("button", name, parent, text);
  node.type = "button";
  if (says) node.title = says;
  node.addEventListener("click", act);
  return node;
};
const SIZES_ITSELF = CSS.supports("field-sizing", "content");
let fresh = 0;
let reworded = 0; // the last asking for words whose words were selected
let opened = 0; // the opening whose first row was given the focus

class Composer {
  constructor(root) {
    this.root = root;
    root.textContent = "";
    root.dataset.ownKeys = "";
    const head = make("header", "head", root);
    this.title = make("h3", "", head);
    this.hint = make("p", "hint", head, "Keys in a row: 1, 2, … take a source’s sentence · E type · ↑ ↓ rows · F marks · Ctrl+Z undo · Ctrl+Enter save · Esc out");
    this.bar = make("div", "bar", root);
    this.paste = make("div", "paste", root);
    this.grid = make("div", "grid", root);
    this.whole = make("div", "whole", root);
    this.quote = make("p", "quote", this.whole);
    this.band = make("div", "band", this.whole);
    this.marks = new GridMarks(this, root);
    this.alert = make("p", "alert", root);
    this.alert.setAttribute("role", "alert");
    this.foot = make("footer", "foot", root);
    this.rows = []; // { beat, label, opener, node, cells, final, pieces }
    this.undone = [];
    this.done = [];
    this.changes = true;
    this.parts();
    explainIn(root);
    root.addEventListener("keydown", (event) => this.key(event));
  }

  parts() {
    this.paste.hidden = true;
    this.pasteText = make("textarea", "", this.paste);
    this.pasteText.setAttribute("aria-label", "Text to take sentences from");
    this.pasteText.placeholder = "Paste or write text here: its sentences become one more column to take from.";
    this.pasteText.addEventListener("input", () => { this.aside = { ...this.aside, pasting: this.pasteText.value }; this.keep(); });
    const row = make("div", "row", this.paste);
    button("main", row, "Make it a column", "", () => this.addPasted());
    button("", row, "Cancel", "", () => this.showPaste(false));
    this.track = make("div", "track", this.band);
    this.zone = make("i", "zone", this.track);
    this.fill = make("i", "fill", this.track);
    this.count = make("span", "count", this.band);
    this.met = make("span", "met", this.band);
    this.save = button("main", this.foot, "Save the quote", "Ctrl+Enter", () => this.commit());
    this.closer = button("", this.foot, "Close", "What you typed is kept.", () => this.leave());
    this.back = button("icon", this.foot, "↶ Undo", "Ctrl+Z", () => this.step(this.done, this.undone));
    this.forth = button("icon", this.foot, "↷ Redo", "Ctrl+Shift+Z or Ctrl+Y", () => this.step(this.undone, this.done));
    this.toggle = button("icon", this.foot, "Changes", "Show what was changed of each sentence taken", () => this.showChanges());
    this.tally = make("span", "tally", this.foot); // in sight while one writes; the bar above may be below the fold
    this.holds = make("span", "holds", this.foot);
    this.status = make("span", "status", this.foot);
  }

  draw(data, send) {
    this.send = send;
    const begins = !this.keeper || data.opening !== this.opening;
    this.data = data;
    this.root.style.setProperty("--lens", data.color);
    this.root.setAttribute("aria-label", `Your quote, ${data.label}`);
    this.title.textContent = `Your quote, ${data.label}`;
    const unsent = begins ? this.begin(data) : null;
    if (begins || data.columns !== this.columnsDrawn) {
      this.columnsDrawn = data.columns;
      this.drafted = JSON.parse(data.columns);
      if (unsent) this.elsewhere = { pieces: unsent, label: "Typed here, not saved" };
      this.paintColumns();
    }
    if (data.marks !== this.marksDrawn) this.marks.told(JSON.parse((this.marksDrawn = data.marks)), JSON.parse(data.pieces).map((one) => one.text));
    else this.paint();
    if (data.answer !== this.answer) this.answered(data.refusal);
    this.answer = data.answer;
    if (begins && opened < data.opening) {
      opened = data.opening;
      this.rows[0]?.node.focus({ preventScroll: true });
      this.root.scrollIntoView({ block: "start" }); // below the rail, the grid alone
    }
    const { asked, ...reword } = JSON.parse(data.reword);
    if (reword.words && asked > reworded) this.select(reword);
    reworded = Math.max(reworded, asked || 0);
  }

  begin(data) {
    this.keeper?.close(false);
    this.opening = data.opening;
    this.answer = data.answer;
    this.elsewhere = null;
    this.done = [];
    this.undone = [];
    this.committing = false;
    this.grid.textContent = "";
    const beats = [...JSON.parse(data.beats), { id: "", label: "Anything else", opener: "" }];
    this.known = new Set(beats.map((one) => one.id));
    this.heads = make("div", "heads", this.grid);
    this.rows = beats.map((beat) => this.row(beat));
    this.keeper = Keeper.of(data.place);
    const found = this.keeper.open(this, data);
    this.aside = found.aside;
    this.pasteText.value = found.aside.pasting;
    this.paste.hidden = !found.aside.pasting;
    this.lay(found.pieces);
    this.status.textContent = this.keeper.pending ? "Not saved yet…" : data.revision ? "Goes on from what was kept." : "";
    return found.unsent;
  }

  row({ id, label, opener }) {
    const node = make("div", "line", this.grid);
    node.tabIndex = 0;
    node.setAttribute("role", "group");
    const name = make("span", "beat", node, label);
    const cells = make("div", "cells", node);
    const final = make("div", "final", node);
    const row = { beat: id, label, opener, node, name, cells, final, pieces: [] };
    return row;
  }

  // --- sources

  get columns() {
    const texts = this.aside.pasted;
    const pasted = texts.map((text, at) => ({ id: `pasted-${at}`, label: texts.length > 1 ? `Pasted ${at + 1}` : "Pasted", source: "pasted", sentences: this.spread(text) }));
    const theirs = this.elsewhere ? [{ id: "elsewhere", label: this.elsewhere.label, sentences: this.elsewhere.pieces.map((one) => ({ ...one, facts: [] })) }] : [];
    const own = this.aside.own.length ? [{ id: "own", label: "Your words", sentences: this.aside.own }] : [];
    return [...this.drafted, ...pasted, ...own, ...theirs];
  }

  // Text without beats: a sentence goes where its opening words belong, or to the beat after the one before.
  spread(text) {
    const beats = this.rows.filter((one) => one.beat);
    let at = -1;
    return sentencesOf(text).map((said) => {
      const named = beats.findIndex((one) => one.opener && said.toLowerCase().startsWith(one.opener.toLowerCase()));
      at = named >= 0 ? named : Math.min(at + 1, beats.length - 1);
      return { text: said, beat: beats[at]?.beat || "", facts: [] };
    });
  }

  said(column) {
    return column.sentences.map((one, at) => ({
      beat: this.known.has(one.beat) ? one.beat : "",
      text: one.text,
      facts: one.facts || [],
      draft_id: one.draft_id !== undefined ? one.draft_id : column.draft ? column.id : null,
      place: one.place !== undefined ? one.place : column.draft ? at : null,
      source: one.source || column.source || "",
      from: `${column.id}/${at}`,
      column,
    }));
  }

  paintColumns() {
    const columns = this.columns;
    this.shown = columns.map((column) => ({ column, sentences: this.said(column) }));
    this.wordsOf = new Map(this.shown.flatMap(({ sentences }) => sentences.filter((one) => one.draft_id).map((one) => [`${one.draft_id}/${one.place}`, one])).reverse());
    this.byFrom = new Map(this.shown.flatMap(({ sentences }) => sentences.map((one) => [one.from, one])));
    this.grid.style.setProperty("--columns", columns.length);
    const had = this.root.getRootNode().activeElement, pressed = this.bar.contains(had) && had.textContent;
    this.bar.textContent = "";
    this.heads.textContent = "";
    make("span", "takes", this.bar, "Take all of");
    this.shown.forEach(({ column, sentences }, at) => {
      const head = make("span", `source s${at % 6}`, this.heads);
      make("kbd", "", head, String(at + 1)).setAttribute("aria-hidden", "true");
      make("b", "", head, column.label);
      if (column.says) make("small", "", head, column.says);
      const all = button(`s${at % 6}`, this.bar, column.label, `Put the whole of ${column.label} into your quote`, () => this.takeAll(at));
      all.setAttribute("aria-label", `Take all of ${column.label}`);
      all.disabled = !sentences.length;
    });
    make("span", "source yours", this.heads, "Your quote");
    button("", this.bar, "Paste text…", "Text of your own as one more column", () => this.showPaste(true));
    button("", this.bar, "Clear", "Take everything out of your quote; undo brings it back", () => this.change(() => this.rows.forEach((row) => { row.pieces = []; })));
    if (pressed) [...this.bar.querySelectorAll("button")].find((one) => one.textContent === pressed)?.focus();
    for (const row of this.rows) this.paintCells(row);
  }

  paintCells(row) {
    const had = this.grid.getRootNode().activeElement?.dataset?.from;
    row.cells.textContent = "";
    this.shown.forEach(({ column, sentences }, at) => {
      const cell = make("div", `cell s${at % 6}`, row.cells);
      cell.dataset.label = column.label;
      for (const one of sentences.filter((each) => each.beat === row.beat)) {
        const said = make("div", "said", cell);
        const take = button("take", said, one.text, "", (event) => this.take(row, one, event.shiftKey));
        take.dataset.from = one.from;
        take.setAttribute("aria-label", `${column.label}: ${one.text}`);
        const chips = make("span", "chips", said);
        for (const ref of one.facts) {
          const chip = make("abbr", "chip", chips, ref);
          chip.dataset.says = column.facts?.[ref] || `${ref} is not a fact of the dossier`;
          chip.setAttribute("aria-label", `${ref}: ${chip.dataset.says}`);
          chip.tabIndex = 0;
          if (!column.facts?.[ref]) chip.classList.add("unknown");
        }
        if (take.dataset.from === had) take.focus();
      }
      if (!cell.childElementCount) make("span", "none", cell, column.live ? "still streaming" : "–");
    });
  }

  sourceOf(piece) {
    return this.byFrom.get(piece.from) || this.wordsOf.get(`${piece.draft_id}/${piece.place}`) || null;
  }

  // --- what is put together

  lay(pieces) {
    for (const row of this.rows) row.pieces = [];
    for (const one of pieces) {
      const row = this.rows.find((each) => each.beat === one.beat) || this.rows[this.rows.length - 1];
      row.pieces.push({ uid: ++fresh, text: one.text, draft_id: one.draft_id, place: one.place, source: one.source, from: one.from });
    }
  }

  get pieces() {
    return this.rows.flatMap((row) => row.pieces.filter((one) => one.text.trim()).map((one) => ({ text: one.text, beat: row.beat, draft_id: one.draft_id ?? null, place: one.place ?? null, source: one.source || "" })));
  }

  snapshot() {
    const { pasted, own } = this.aside;
    return JSON.stringify({ pasted, own, rows: this.rows.map((row) => row.pieces.filter((one) => one.text.trim() || one.draft_id || one.from).map(({ text, draft_id, place, source, from }) => ({ text, draft_id, place, source, from }))) });
  }

  // Every change of the working copy goes through here: `act` changes it, `typing` is the piece that is typed in.
  change(act, typing = null) {
    if (this.committing) return;
    const now = performance.now(), before = this.snapshot(), own = typing ? [] : this.ownWords;
    act();
    if (before === this.snapshot()) return this.paint();
    this.layAside(own);
    const goesOn = typing && this.typing === typing && now - this.typedAt < TYPING && this.done.length;
    if (!goesOn) this.done.push(before);
    if (this.done.length > 300) this.done.shift();
    this.undone = [];
    this.typing = typing;
    this.typedAt = now;
    this.paint(typing && this.rows.find((row) => row.pieces.some((one) => one.uid === typing)));
    this.keep();
  }

  // The pieces that say what no source says: typed, or edited.
  get ownWords() {
    const said = new Set(this.shown.flatMap(({ sentences }) => sentences.map((one) => one.text.trim())));
    return this.pieces.filter((one) => !said.has(one.text.trim())).map((one) => ({ ...one, facts: [] }));
  }

  // Own words that gave way to others are a source like any other.
  layAside(own) {
    const there = new Set([...this.pieces, ...this.aside.own].map((one) => one.text.trim()));
    const gone = own.filter((one) => !there.has(one.text.trim()));
    if (!gone.length) return;
    this.aside = { ...this.aside, own: [...this.aside.own, ...gone] };
    this.paintColumns();
  }

  keep() {
    this.keeper.change(this.pieces, this.aside);
    if (this.keeper.pending) this.unsent("Not saved yet…");
  }

  step(from, to) {
    if (this.committing || !from.length) return;
    to.push(this.snapshot());
    const { rows, pasted, own } = JSON.parse(from.pop());
    const row = this.rows.findIndex((one, at) => JSON.stringify(one.pieces.map((each) => each.text)) !== JSON.stringify(rows[at].map((each) => each.text)));
    const columns = JSON.stringify([pasted, own]) !== JSON.stringify([this.aside.pasted, this.aside.own]);
    this.aside = { ...this.aside, pasted, own };
    this.rows.forEach((one, at) => {
      one.pieces = rows[at].map((each, place) => ({ ...each, uid: one.pieces[place]?.uid ?? ++fresh }));
    });
    this.typing = null;
    if (columns) this.paintColumns();
    this.paint();
    this.keep();
    if (row >= 0 && this.typingIn()) (this.rows[row].final.querySelector("textarea") || this.rows[row].node).focus();
  }

  typingIn() { return this.root.getRootNode().activeElement?.tagName === "TEXTAREA"; }

  take(row, one, more = false) {
    const same = row.pieces.findIndex((each) => each.from === one.from || (one.column.draft && each.draft_id === one.draft_id && each.place === one.place));
    const piece = () => ({ uid: ++fresh, text: one.text, draft_id: one.draft_id, place: one.place, source: one.source, from: one.from });
    this.change(() => {
      if (same >= 0) row.pieces.splice(same, 1);
      else if (more || row.pieces.some((each) => each.from?.split("/")[0] === one.column.id || (one.column.draft && each.draft_id === one.column.id))) {
        row.pieces = [...row.pieces.filter((each) => each.text.trim()), piece()];
        const order = (each) => (each.draft_id === one.draft_id && each.place !== null ? each.place : -1);
        if (one.draft_id && row.pieces.every((each) => each.draft_id === one.draft_id)) row.pieces.sort((a, b) => order(a) - order(b));
      } else row.pieces = [piece()];
    });
  }

  // A key takes all the source says for the beat; the row below is next.
  takeCell(row, at) {
    const sentences = this.shown[at]?.sentences.filter((one) => one.beat === row.beat) || [];
    if (!sentences.length) return;
    this.change(() => { row.pieces = sentences.map((one) => ({ uid: ++fresh, text: one.text, draft_id: one.draft_id, place: one.place, source: one.source, from: one.from })); });
    this.move(row, 1);
  }

  takeAll(at) {
    this.change(() => {
      for (const row of this.rows) row.pieces = this.shown[at].sentences.filter((one) => one.beat === row.beat).map((one) => ({ uid: ++fresh, text: one.text, draft_id: one.draft_id, place: one.place, source: one.source, from: one.from }));
    });
  }

  showPaste(open) {
    this.paste.hidden = !open;
    if (open) this.pasteText.focus();
    else this.rows[0].node.focus();
  }

  addPasted() {
    const text = this.pasteText.value.trim();
    this.pasteText.value = "";
    this.aside = { ...this.aside, pasting: "" };
    if (text) this.change(() => { this.aside = { ...this.aside, pasted: [...this.aside.pasted, text] }; });
    else this.keep();
    this.paintColumns();
    this.paint();
    this.showPaste(false);
  }

  showChanges() {
    this.changes = !this.changes;
    this.paint();
  }

  // --- painting

  paint(only = null) {
    for (const row of only ? [only] : this.rows) this.paintRow(row);
    this.paintQuote();
    this.back.disabled = !this.done.length;
    this.forth.disabled = !this.undone.length;
    this.toggle.setAttribute("aria-pressed", String(this.changes));
  }

  paintRow(row) {
    if (!row.pieces.length) row.pieces = [{ uid: ++fresh, text: "", draft_id: null, place: null }];
    const nodes = new Map([...row.final.children].map((node) => [Number(node.dataset.uid), node]));
    row.pieces.forEach((piece, at) => {
      const node = nodes.get(piece.uid) || this.pieceNode(row, piece.uid);
      nodes.delete(piece.uid);
      if (row.final.children[at] !== node) row.final.insertBefore(node, row.final.children[at] || null);
      this.paintPiece(row, piece, node);
    });
    for (const node of nodes.values()) node.remove();
    const filled = row.pieces.some((one) => one.text.trim());
    row.node.classList.toggle("filled", filled);
    row.node.setAttribute("aria-label", `${row.label}: ${filled ? row.pieces.map((one) => one.text).join(" ") : "nothing taken yet"}`);
    for (const take of row.cells.querySelectorAll(".take")) {
      const one = this.byFrom.get(take.dataset.from);
      take.setAttribute("aria-pressed", String(row.pieces.some((piece) => this.sourceOf(piece) === one)));
    }
  }

  pieceNode(row, uid) {
    const node = make("div", "piece", null);
    node.dataset.uid = uid;
    const field = make("div", "field", node);
    make("div", "under", field).setAttribute("aria-hidden", "true");
    const text = make("textarea", "", field);
    text.rows = 1;
    text.spellcheck = true;
    text.setAttribute("aria-label", row.beat ? `Your words, ${row.label}` : "Your words, anything else");
    text.placeholder = row.opener ? `${row.opener} …` : row.beat ? "Take a sentence, or write it." : "A sentence that fits no beat.";
    text.addEventListener("input", () => {
      const piece = row.pieces.find((one) => one.uid === Number(node.dataset.uid));
      if (piece) this.change(() => { piece.text = text.value; }, piece.uid);
    });
    make("ul", "says", node);
    make("span", "origin", node);
    make("p", "diff", node);
    return node;
  }

  paintPiece(row, piece, node) {
    const [field, , origin, diff] = node.children, text = field.lastChild;
    this.marks.paint(piece, node);
    if (text.value !== piece.text) text.value = piece.text;
    text.readOnly = Boolean(this.committing);
    this.grow(text);
    const source = this.sourceOf(piece), at = source ? this.shown.findIndex((one) => one.column === source.column) : -1;
    const changed = source !== null && source.text.trim() !== piece.text.trim();
    node.className = `piece ${at >= 0 ? `s${at % 6}` : "own"}`;
    origin.textContent = !piece.text.trim() && !source ? "" : source ? `${source.column.label}${changed ? " · edited" : ""}` : piece.draft_id ? "An earlier take" : piece.source ? "Pasted" : "Your words";
    diff.textContent = "";
    diff.hidden = !changed || !this.changes || !piece.text.trim();
    if (diff.hidden) return;
    const out = [];
    for (const [kind, run] of wordDiff(source.text.trim(), piece.text.trim())) {
      if (kind === "removed") out.push(run.trim());
      else make(kind === "added" ? "ins" : "span", "", diff, run);
    }
    const gone = out.filter(Boolean);
    if (gone.length) {
      const list = make("span", "gone", diff);
      make("span", "", list, "taken out: ");
      gone.forEach((run, place) => { if (place) list.append(" · "); make("del", "", list, run); });
    }
  }

  grow(text) {
    const now = `${text.clientWidth} ${text.value}`;
    if (SIZES_ITSELF || text.dataset.grown === now) return;
    text.dataset.grown = now;
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  }

  paintQuote() {
    const pieces = this.rows.flatMap((row) => row.pieces.filter((one) => one.text.trim()).map((piece) => ({ row, piece })));
    this.quote.textContent = "";
    for (const { piece } of pieces) {
      const source = this.sourceOf(piece), at = source ? this.shown.findIndex((one) => one.column === source.column) : -1;
      if (this.quote.childNodes.length) this.quote.append(" ");
      const span = make("span", at >= 0 ? `s${at % 6}` : "own", this.quote);
      this.marks.paintQuoted(piece, span);
      span.title = source ? `From ${source.column.label}` : "Your words";
    }
    if (!pieces.length) make("span", "none", this.quote, "Your quote stands here, sentence by sentence, as you take or write it.");
    const words = wordCount(pieces.map((one) => one.piece.text).join(" "));
    const { low, high } = this.data, most = Math.max(high * 1.25, words), part = (value) => `${(100 * value) / most}%`;
    this.zone.style.left = part(low);
    this.zone.style.width = part(high - low);
    this.fill.style.width = part(words);
    const where = words < low ? "short" : words > high ? "long" : "within";
    this.band.dataset.where = words ? where : "none";
    this.count.textContent = `${words} ${words === 1 ? "word" : "words"} · ${where === "within" ? "in the band" : where === "short" ? `${low - words} to go to the band` : `${words - high} over the band`} ${low}–${high}`;
    const beats = this.rows.filter((row) => row.beat), met = beats.filter((row) => row.pieces.some((one) => one.text.trim()));
    const conflicts = this.marks.paintList();
    this.holds.textContent = conflicts && this.data.blocking ? `${conflicts === 1 ? "1 conflict waits" : `${conflicts} conflicts wait`} for an answer before this can be saved as the quote.` : "";
    this.met.textContent = `beats ${met.length}/${beats.length}`;
    this.tally.textContent = `${words}/${low}–${high} words · ${this.met.textContent}`;
    this.tally.title = `Words of the quote against the length band of the persona, and how many of its beats have a sentence`;
    this.tally.dataset.where = words ? where : "none";
    this.save.disabled = !pieces.length || Boolean(this.committing);
  }

  // --- keys

  key(event) {
    if (event.isComposing) return undefined;
    const chord = event.ctrlKey || event.metaKey, name = event.key.toLowerCase();
    const typing = event.target.tagName === "TEXTAREA";
    // Seen from the page a field in here is no field: what is typed must not be taken for somebody's shortcut.
    if (typing) event.stopPropagation();
    const does = (act) => { event.preventDefault(); event.stopPropagation(); act(); };
    if (chord && event.key === "Enter") return does(() => (event.target === this.pasteText ? this.addPasted() : this.commit()));
    if (event.target === this.pasteText) return event.key === "Escape" ? does(() => this.showPaste(false)) : undefined;
    if (chord && name === "z") return does(() => (event.shiftKey ? this.step(this.undone, this.done) : this.step(this.done, this.undone)));
    if (chord && name === "y") return does(() => this.step(this.undone, this.done));
    if (chord || event.altKey) return undefined;
    const row = this.rows.find((one) => one.node.contains(event.target));
    if (typing) return event.key === "Escape" && row ? does(() => row.node.focus()) : undefined;
    if (event.key === "Escape") return does(() => (row && event.target !== row.node ? row.node.focus() : this.leave()));
    if (name === "f") return does(() => this.marks.step(event.shiftKey ? -1 : 1));
    if (!row) return undefined;
    if (/^[1-9]$/.test(event.key)) return does(() => this.takeCell(row, Number(event.key) - 1));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") return does(() => this.move(row, event.key === "ArrowDown" ? 1 : -1));
    if (name === "e" || (event.key === "Enter" && event.target === row.node)) return does(() => this.type(row));
    if (["Backspace", "Delete"].includes(event.key) && event.target === row.node) return does(() => this.change(() => { row.pieces = []; }));
    return undefined;
  }

  move(row, by) {
    const next = this.rows[this.rows.indexOf(row) + by];
    (next || row).node.focus();
  }

  type(row) {
    const text = row.final.querySelector("textarea");
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }

  // Select the words to be written otherwise, wherever they stand by now; else the focus goes to the row of their beat.
  select({ uid, draft, place, beat, start, words }) {
    const all = this.rows.flatMap((row) => row.pieces.map((piece) => ({ row, piece })));
    const found = all.find(({ piece }) => piece.uid === uid) || all.find(({ piece }) => piece.draft_id === draft && piece.place === place && piece.text.includes(words)) || all.find(({ piece }) => piece.text.includes(words));
    if (!found) return (this.rows.find((row) => row.beat === beat) || this.rows[0]).node.focus();
    const text = found.row.final.querySelector(`[data-uid="${found.piece.uid}"] textarea`);
    const guess = placeIn(found.piece.text, start), at = found.piece.text.startsWith(words, guess) ? guess : found.piece.text.indexOf(words);
    text.focus();
    if (at >= 0) text.setSelectionRange(at, at + words.length);
    return found.row.node.scrollIntoView({ block: "nearest" });
  }

  // --- to and from the workspace

  commit() {
    if (this.committing || !this.pieces.length) return;
    this.committing = true;
    this.alert.textContent = "";
    this.status.textContent = "Saving…";
    this.send("commit", { opening: this.opening, pieces: this.pieces });
    this.paint();
    this.waiting = setTimeout(() => this.answered(navigator.onLine ? "The workspace has not answered. Nothing is lost: save again." : "You are offline. Nothing is lost: save again later."), 8000);
  }

  answered(refusal) {
    clearTimeout(this.waiting);
    this.committing = false;
    this.alert.textContent = refusal || "";
    this.status.textContent = "";
    this.paint();
    this.keeper.flush();
  }

  // Leaves once what was typed has arrived, so that the room knows of it when it is drawn without the grid. A line that
  // is down holds nobody: the browser has a copy.
  leave() {
    clearTimeout(this.leaving);
    this.leaving = setTimeout(() => this.left(), 1000);
    this.keeper.flush();
    if (!this.keeper.pending) this.left();
  }

  left() {
    clearTimeout(this.leaving);
    this.leaving = null;
    this.send("close", { opening: this.opening });
  }

  checked(marks, texts) { this.marks.told(marks, texts); }

  arrived() {
    this.status.textContent = `Saved as you type · ${new Date().toLocaleTimeString([], { hour12: false })}`;
    if (this.leaving) this.left();
  }

  unsent(why) { if (!this.committing) this.status.textContent = why; }

  refused(error, theirs) {
    clearTimeout(this.leaving); // there is something to see first
    this.leaving = null;
    this.status.textContent = "Not saved.";
    this.alert.textContent = `${error} `;
    if (!theirs) return;
    this.elsewhere = { pieces: theirs.pieces, label: "Other window" };
    this.paintColumns();
    this.paint();
    this.alert.append("What stands there is a column here. ");
    button("", this.alert, "Go on with mine", "", () => { this.alert.textContent = ""; this.keeper.insist(theirs); });
  }

  close() {
    clearTimeout(this.waiting);
    clearTimeout(this.leaving);
    this.keeper.close(this.committing);
    this.marks.gone();
  }
}

// A cell without its grid is so much shorter that another one would stand where it was.
function headIntoView(place) {
  const cell = document.querySelector(`.st-key-cell-${CSS.escape(place)}`), head = cell?.querySelector(".cell-head")?.getBoundingClientRect();
  const top = document.querySelector(".st-key-room-rail")?.getBoundingClientRect().bottom ?? 0;
  if (head && (head.top < top || head.bottom > innerHeight)) cell.scrollIntoView({ block: "start" });
}

const composers = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".composer");
  let one = composers.get(root);
  if (!one) composers.set(root, (one = new Composer(root)));
  one.draw(data, setTriggerValue);
  return () => {
    one.close();
    composers.delete(root);
    // Whoever left from within stands at the button that opens the grid again, and not at the top of the page.
    if (document.activeElement === document.body) document.querySelector(`.st-key-hand-${CSS.escape(data.place)} button`)?.focus({ preventScroll: true });
    requestAnimationFrame(() => headIntoView(data.place));
  };
}
