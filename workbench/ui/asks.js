// What keys ask of Python, each once and in order. A trigger may be lost, overtaken by the next one or delivered twice:
// so every delivery holds all that Python has not yet said it heard, and is made again until it says so.
const AGAIN = 3000; // ms; longer than a redraw takes

export const asks = (() => {
  const page = `${Date.now()}-${Math.random()}`;
  let waiting = [], count = 0, timer = null, send = null;

  function deliver() {
    clearTimeout(timer);
    if (!waiting.length) return;
    send(JSON.stringify({ page, acts: waiting }));
    timer = setTimeout(deliver, AGAIN);
  }

  return {
    ask(act) { waiting.push({ number: (count += 1), ...act }); deliver(); },
    heard(numbers, by) {
      send = by;
      const last = numbers[page] || 0;
      waiting = waiting.filter((one) => one.number > last);
      if (!waiting.length) this.rest();
      else if (!timer) deliver();
    },
    waitingFor(place) { return waiting.some((one) => one.place === place); },
    rest() { clearTimeout(timer); timer = null; },
  };
})();
