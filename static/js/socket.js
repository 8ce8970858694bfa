// One market socket and one private socket: subscriptions that survive a reconnect.

export const base = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}`;
const WAIT_MS = [300, 700, 1500, 3000, 5000];

export class Link {
  constructor(address, onMessage, onState) {
    this.address = address;
    this.onMessage = onMessage;
    this.onState = onState;
    this.tries = 0;
    this.closed = false;
    this.open();
  }

  async open() {
    let url;
    try {
      url = await this.address();
    } catch {
      this.again();
      return;
    }
    if (this.closed) return;
    this.socket = new WebSocket(url);
    this.socket.onopen = () => {
      this.tries = 0;
      this.onState(true, this);
    };
    this.socket.onmessage = (event) => this.onMessage(JSON.parse(event.data));
    this.socket.onclose = () => {
      this.onState(false, this);
      this.again();
    };
  }

  again() {
    if (this.closed) return;
    setTimeout(() => this.open(), WAIT_MS[Math.min(this.tries, WAIT_MS.length - 1)]);
    this.tries += 1;
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  close() {
    this.closed = true;
    this.socket?.close();
  }
}

// Market data: `handlers` maps a stream name to a function of its payload.
export class MarketFeed {
  constructor(onState) {
    this.handlers = new Map();
    this.next = 1;
    this.link = new Link(
      async () => `${base}/stream`,
      (message) => this.handlers.get(message.stream)?.(message.data),
      (up, link) => {
        if (up && this.handlers.size) link.send(this.command("SUBSCRIBE", [...this.handlers.keys()]));
        onState(up);
      },
    );
  }

  command(method, params) {
    return { method, params, id: this.next++ };
  }

  watch(streams) {
    for (const [name, handler] of Object.entries(streams)) this.handlers.set(name, handler);
    this.link.send(this.command("SUBSCRIBE", Object.keys(streams)));
  }

  unwatch(names) {
    for (const name of names) this.handlers.delete(name);
    if (names.length) this.link.send(this.command("UNSUBSCRIBE", names));
  }
}

// The account's own events; `address` makes a fresh listen key at every connect.
export class AccountFeed {
  constructor(listenKey, onEvent, onState) {
    this.link = new Link(async () => `${base}/private/ws?listenKey=${await listenKey()}`, onEvent, onState);
  }

  close() {
    this.link.close();
  }
}
