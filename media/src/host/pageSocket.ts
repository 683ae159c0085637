/** A page's WebSocket to the server that it came from; after a loss it is opened again, ever more seldom. */
import type { Clock } from '#common/base/clock.ts';

const firstRetryMs = 250;
const longestRetryMs = 5_000;

export interface PageSocketListener {
  onOpen(): void;
  onMessage(message: unknown): void;
  onLost(): void;
}

export class PageSocket {
  readonly #address: string;
  readonly #clock: Clock;
  #socket: WebSocket | undefined;
  #retryMs = firstRetryMs;

  /** `address` is relative to the page. */
  constructor(address: string, clock: Clock) {
    this.#address = address;
    this.#clock = clock;
  }

  connect(listener: PageSocketListener): void {
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.onopen = () => {
      this.#retryMs = firstRetryMs;
      listener.onOpen();
    };
    socket.onmessage = (event: MessageEvent<string>) => listener.onMessage(JSON.parse(event.data));
    socket.onclose = () => {
      listener.onLost();
      this.#clock.setTimeout(() => this.connect(listener), this.#retryMs);
      this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs);
    };
  }

  /** Into a lost connection nothing is said: what matters is said again when it is back. */
  send(message: unknown): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
