/** What a write to a workload may touch. */
interface WithStatus<S> {
  status?: S;
}

/** A plain update leaves the status to whoever reports it. */
export function keepStatus<S>(object: WithStatus<S>, old: WithStatus<S>): void {
  if (old.status === undefined) delete object.status;
  else object.status = old.status;
}
