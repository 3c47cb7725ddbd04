// One WebSocket a page, shared by all panes. Evaluated once per page: panes show drafts, others may tell and be told.
export const LIVE = new Set(["queued", "streaming"]);

export const hub = (() => {
  const panes = new Map(); // draft id -> pane
  const others = new Set(); // { online(), offline(), heard(answer) }: whoever else talks with the server
  const seen = new Map(); // draft id -> { state, words, sentences: [{beat, facts, text}], waiting, marks }
  let socket = null, url = null, token = null, delay = 300, asking = null;

  const online = () => Boolean(socket) && socket.readyState === 1;
  const send = (message) => online() && socket.send(JSON.stringify(message));
  const wanted = () => panes.size + others.size > 0;

  function open() {
    if (socket || !wanted()) return;
    const mine = (socket = new WebSocket(url));
    mine.onopen = () => {
      delay = 300;
      send({ token });
      for (const id of panes.keys()) { seen.delete(id); send({ show: id }); }
      for (const other of others) other.online();
    };
    mine.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (Array.isArray(message)) for (const patch of message) apply(patch);
      else if (message.marks) mark(message.marks);
      else for (const other of [...others]) other.heard(message);
    };
    mine.onclose = () => {
      if (socket !== mine) return;
      socket = null;
      if (!wanted()) return;
      for (const one of [...panes.values(), ...others]) one.offline();
      setTimeout(open, delay * (0.5 + Math.random()));
      delay = Math.min(delay * 2, 5000);
    };
  }

  function apply([id, state, words, changes, waiting]) {
    const now = seen.get(id) || { sentences: [] };
    if (String(waiting) !== String(now.waiting || null)) now.waitingSince = performance.now();
    Object.assign(now, { state, words, waiting });
    for (const [index, beat, facts, start, text] of changes) {
      const old = now.sentences[index] || { text: "" };
      // `start` counts characters as Python does; JavaScript counts an emoji twice.
      now.sentences[index] = { beat, facts, text: [...old.text].slice(0, start).join("") + text };
    }
    seen.set(id, now);
    const pane = panes.get(id);
    if (!pane) return;
    pane.paint(now);
    if (!LIVE.has(state)) askForRerun();
  }

  // What is marked of the sentences that stand; it comes after their text.
  function mark([id, marks]) {
    const now = seen.get(id);
    if (!now) return;
    now.marks = marks;
    panes.get(id)?.paint(now);
  }

  // A pane drawn as live whose draft has ended needs Python to draw its buttons: ask once for all panes,
  // and again after a second as long as that did not help (a rerun can be lost with its connection).
  function askForRerun() {
    if (asking) return;
    asking = setTimeout(() => {
      asking = null;
      const ended = [...panes.values()].filter((pane) => { const s = seen.get(pane.id); return s && !LIVE.has(s.state); });
      if (!ended.length) return;
      ended[0].rerun();
      asking = setTimeout(() => { asking = null; askForRerun(); }, 1000);
    }, 40);
  }

  function know(data) {
    token = data.token;
    url = (location.protocol === "https:" ? "wss://" : "ws://") + location.host + data.socket;
  }

  function rest() {
    if (!wanted() && socket) { const old = socket; socket = null; old.close(); }
  }

  return {
    attach(pane, data) {
      know(data);
      panes.set(pane.id, pane);
      if (socket) send({ show: pane.id }); else open();
    },
    detach(pane) {
      if (panes.get(pane.id) !== pane) return;
      panes.delete(pane.id);
      seen.delete(pane.id);
      send({ hide: pane.id });
      rest();
    },
    join(other, data) {
      know(data);
      others.add(other);
      if (online()) other.online(); else open();
    },
    leave(other) { others.delete(other); rest(); },
    know,
    send(message) { send(message); return online(); },
    seen: (id) => seen.get(id),
  };
})();
