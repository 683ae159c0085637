/** How components tell people what they did: Event objects, with repeats counted. Implemented in recordEvents.ts. */
import type { KubeObject } from '#common/api/meta.ts';

export interface EventDetails {
  /** The part of the object that it is about: `spec.containers{app}`. */
  readonly fieldPath?: string;
  /** What was being done (`Scheduling`, `Binding`). Makes it an event as events.k8s.io has them: eventTime, series. */
  readonly action?: string;
  /** A second object that it concerns, for events with an action. */
  readonly related?: KubeObject;
}

export interface EventRecorder {
  /** `about` needs apiVersion and kind, which every object read from the cache has. Returns at once; failures are logged. */
  event(about: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string, details?: EventDetails): void;
  /**
   * The same recorder under another source: component and, for kubelets, host. `session` tells one life of the component
   * from another, whose events are not counted together.
   */
  as(component: string, host?: string, session?: string): EventRecorder;
}
