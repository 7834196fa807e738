// Says when a page is at rest: what it asked of the server is answered, and what came is drawn.
// Numbers of fields: streamlit/proto/BackMsg.proto and ForwardMsg.proto.
(() => {
  const RERUN = 11, FILE_PLACES = 16, NEW_SESSION = 4, FINISHED = 6, PLACES_GIVEN = 19, EARLY_FOR_RERUN = 2;
  const QUIET_FRAMES = 6;
  let turn = 0, asked = 0, begun = 0, ended = 0, open = 0, still = 0;

  const number = (bytes, at) => {
    let value = 0, size = 1;
    for (;;) {
      const part = bytes[at++];
      value += (part & 127) * size;
      if (part < 128) return [value, at];
      size *= 128;
    }
  };
  const fields = (bytes) => {
    const found = new Map();
    let at = 0, tag, value;
    while (at < bytes.length) {
      [tag, at] = number(bytes, at);
      if ((tag & 7) === 0) [value, at] = number(bytes, at);
      else if ((tag & 7) === 2) { [value, at] = number(bytes, at); at += value; }
      else at += (tag & 7) === 1 ? 8 : 4;
      found.set(Math.floor(tag / 8), value);
    }
    return found;
  };
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (data instanceof Uint8Array) {
      const sent = fields(data);
      if (sent.has(RERUN)) asked = ++turn;
      if (sent.has(FILE_PLACES)) open++;
    }
    return send.call(this, data);
  };
  window.WebSocket = class extends WebSocket {
    constructor(...where) {
      super(...where);
      this.addEventListener("close", () => { open = 0; });
      this.addEventListener("message", (event) => {
        if (!(event.data instanceof ArrayBuffer)) return;
        const came = fields(new Uint8Array(event.data));
        if (came.has(NEW_SESSION)) begun = ++turn;
        if (came.has(FINISHED) && came.get(FINISHED) !== EARLY_FOR_RERUN) ended = ++turn;
        if (came.has(PLACES_GIVEN) && open) open--;
      });
    }
  };
  const ask = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (...body) {
    open++;
    this.addEventListener("loadend", () => { open--; });
    return ask.apply(this, body);
  };
  new MutationObserver(() => { still = 0; }).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  const frame = () => { still++; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  const RUNNING = '[data-testid="stApp"]:not([data-test-script-state="notRunning"]), [data-testid="stSkeleton"]';
  window.atRest = () =>
    !open && asked < begun && begun < ended && still >= QUIET_FRAMES && !document.querySelector(RUNNING);
})();
