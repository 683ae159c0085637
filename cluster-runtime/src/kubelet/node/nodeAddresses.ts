/** The machines' own addresses, 10.0.0.1 and on, each given once and kept while its Node is there. */
export class NodeAddresses {
  readonly #byNode = new Map<string, string>();
  readonly #used = new Set<string>();
  #next = 1;

  /** The address of `node`; `stated` is the one that its status already has. */
  of(node: string, stated: string | undefined): string {
    const known = this.#byNode.get(node);
    if (known !== undefined) return known;
    const ip = stated !== undefined && !this.#used.has(stated) ? stated : this.#free();
    this.#byNode.set(node, ip);
    this.#used.add(ip);
    return ip;
  }

  release(node: string): void {
    const ip = this.#byNode.get(node);
    if (ip === undefined) return;
    this.#byNode.delete(node);
    this.#used.delete(ip);
  }

  #free(): string {
    let ip: string;
    do ip = addressText(this.#next++);
    while (this.#used.has(ip));
    return ip;
  }
}

/** Number `n` of 10.0.0.0/9, without those that end in 0 or 255. */
function addressText(n: number): string {
  const [high, low] = [Math.floor((n - 1) / 254), ((n - 1) % 254) + 1];
  return `10.${Math.floor(high / 256)}.${high % 256}.${low}`;
}
