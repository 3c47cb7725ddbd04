// What keys ask of Python, each once and in order. A trigger may be lost, overtaken by the next one or delivered twice:
// so every delivery holds all that Python has not yet said it heard, and is made again until it says so.
const AGAIN = 3000; // ms; longer than a redraw takes
const ONCE = new Set(["undo", "again"]); // done twice they do harm: another decision undone, another draft paid for

export const asks = (() => {
  const page = `${Date.now()}-${Math.random()}`;
  let waiting = [], count = 0, timer = null, send = null, session = null;

  function deliver() {
    clearTimeout(timer);
    if (!waiting.length) return;
    send(JSON.stringify({ page, session, acts: waiting }));
    timer = setTimeout(deliver, AGAIN);
  }

  return {
    ask(act) { waiting.push({ number: (count += 1), ...act }); deliver(); },
    // Of what the page asked, `numbers` were heard. A session that has begun anew does not know what the one before it
    // did: what is not asked again, since it may be done already, is returned.
    heard(numbers, now, by) {
      send = by;
      const last = numbers[page] || 0, anew = session !== null && session !== now;
      waiting = waiting.filter((one) => one.number > last);
      const given = anew ? waiting.filter((one) => ONCE.has(one.act)) : [];
      waiting = waiting.filter((one) => !given.includes(one));
      session = now;
      if (!waiting.length) this.rest();
      else if (!timer) deliver();
      return given;
    },
    waitsTo(act) { return waiting.some((one) => one.act === act); },
    waitingFor(place) { return waiting.some((one) => one.place === place); },
    rest() { clearTimeout(timer); timer = null; },
  };
})();
