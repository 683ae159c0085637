/**
 * The pod addresses of one node, handed out in turn from its range. The first one is the bridge's.
 *
 * Differs from Kubernetes: a node whose range is full, or that got none, goes on in a range that all nodes share, rather
 * than leave pods without a sandbox; so there may be a thousand machines, or one that holds thousands of pods.
 */
export class PodAddresses {
  readonly #base: number;
  readonly #size: number;
  readonly #used = new Set<number>();
  #next = 2;

  /** `cidr` as the Node has it, `10.244.1.0/24`; none for a node that takes every address of the shared range. */
  constructor(cidr = '0.0.0.0/32') {
    const [address = '', bits = '24'] = cidr.split('/');
    this.#base = toNumber(address);
    this.#size = 2 ** (32 - Number(bits));
  }

  take(): string {
    // Without the network's, the bridge's and the broadcast address.
    const usable = this.#size - 3;
    if (this.#used.size >= usable) return overflow.take();
    while (this.#used.has(this.#next)) this.#advance();
    const offset = this.#next;
    this.#used.add(offset);
    this.#advance();
    return toText(this.#base + offset);
  }

  release(ip: string): void {
    const offset = toNumber(ip) - this.#base;
    if (offset > 0 && offset < this.#size) this.#used.delete(offset);
    else overflow.release(ip);
  }

  #advance(): void {
    this.#next = this.#next >= this.#size - 2 ? 2 : this.#next + 1;
  }
}

const toNumber = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toText = (n: number): string => [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');

/** 10.128.0.0/9, which no node's range is in. */
class Overflow {
  readonly #free: string[] = [];
  #next = toNumber('10.128.0.1');

  take(): string {
    return this.#free.pop() ?? toText(this.#next++);
  }

  release(ip: string): void {
    this.#free.push(ip);
  }
}
const overflow = new Overflow();
