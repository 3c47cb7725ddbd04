// Words and sentences as the workspace counts and splits them, and what changed between two wordings.
const TOKEN = /\s+|\S+/g;

export const wordCount = (text) => text.split(/\s+/).filter((run) => /[\p{L}\p{N}_]/u.test(run)).length;

// Paragraphs, headings and list items are boundaries; a line that was only wrapped is not.
function* unwrapped(text) {
  let whole = "";
  for (const line of text.split("\n")) {
    const goesOn = /^\p{Ll}/u.test(line) || whole.length - (whole.lastIndexOf("\n") + 1) >= 60;
    if (whole.trim() && line.trim() && goesOn && !/^\s*(?:[-*•+#|>]|\d{1,3}[.)])\s/.test(line)) { whole += `\n${line}`; continue; }
    yield whole.replaceAll("\n", " ");
    whole = line;
  }
  yield whole.replaceAll("\n", " ");
}

export function sentencesOf(text) {
  return [...unwrapped(text)].flatMap((line) => {
    const found = [];
    let start = 0;
    for (const end of line.matchAll(/(?<=[.!?…])["'”’)\]]*\s+(?=["'“‘([]?[A-Z0-9À-ÖØ-Þ`])/g)) {
      if (/\b(?:e\.g|i\.e|vs|etc|approx|No|Inc|Ltd|Dr|Mr|Ms)\.$/.test(line.slice(start, end.index))) continue;
      found.push(line.slice(start, end.index + end[0].length).trim());
      start = end.index + end[0].length;
    }
    return [...found, line.slice(start).trim()].filter(Boolean);
  });
}

// Runs of ["same" | "removed" | "added", text], in reading order.
export function wordDiff(before, after) {
  const old = before.match(TOKEN) || [], fresh = after.match(TOKEN) || [];
  if (old.length * fresh.length > 4e5) return [["removed", before], ["added", after]];
  const longest = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = fresh.length - 1; j >= 0; j--) longest[i][j] = old[i] === fresh[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const runs = [];
  let i = 0, j = 0, removed = "", added = "";
  const change = () => {
    if (removed) runs.push(["removed", removed]);
    if (added) runs.push(["added", added]);
    removed = added = "";
  };
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      // A blank between two changed words belongs to the change.
      if ((removed || added) && !old[i].trim() && old[i + 1] !== fresh[j + 1]) { removed += old[i++]; added += fresh[j++]; continue; }
      change();
      runs.push(["same", old[i]]);
      i++; j++;
    } else if (j >= fresh.length || (i < old.length && longest[i + 1][j] >= longest[i][j + 1])) removed += old[i++];
    else added += fresh[j++];
  }
  change();
  return runs;
}
