/** Something in a kubeconfig that keeps one from using it; the message is for people and holds no secrets. */
export class KubeconfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'KubeconfigError';
  }
}
